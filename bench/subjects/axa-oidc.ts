import { readFileSync } from "node:fs";
import type { Subject } from "./subject.ts";

const SCRIPT = "../../node_modules/@axa-fr/oidc-client-service-worker/dist/OidcServiceWorker.js";

/**
 * The published worker of AxaFrance/oidc-client, unchanged, in its default configuration. It gets its token as it does
 * in a real site: the page sends `init` and `setCodeVerifier`, and the worker takes the token from the answer of the
 * token endpoint as the answer passes through. Its own client would show sign-in pages first. Here the endpoint answers
 * with a token that the provider has issued.
 */
export const axaOidc: Subject = {
  name: "axa-oidc",
  title: "@axa-fr/oidc-client-service-worker",
  attaches: true,
  files: (token, { site, issuer }) => ({
    "sw.js": readFileSync(new URL(SCRIPT, import.meta.url), "utf8"),
    // The worker's own name for this file; each string is the beginning of a regular expression.
    "OidcTrustedDomains.js": `const trustedDomains = {
      default: { oidcDomains: ["${site}/axa-oidc/", "${issuer}"], accessTokenDomains: ["${site}/api/"] },
    };`,
    "token.json": JSON.stringify({ access_token: token, token_type: "Bearer", expires_in: 3600 }),
  }),
  page: `
    await navigator.serviceWorker.register("sw.js");
    const { active } = await navigator.serviceWorker.ready;
    const say = (type, data) =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = resolve;
        active.postMessage({ type, data, configurationName: "default", tabId: "default" }, [port2]);
      });
    if (!navigator.serviceWorker.controller) {
      const controlled = new Promise((resolve) => {
        navigator.serviceWorker.addEventListener("controllerchange", resolve);
      });
      await say("claim");
      await controlled;
    }
    const tokenEndpoint = new URL("token.json", location).href;
    await say("init", {
      oidcServerConfiguration: {
        issuer: demoConfig.issuer,
        authorizationEndpoint: tokenEndpoint,
        tokenEndpoint,
        revocationEndpoint: "",
        userInfoEndpoint: "",
      },
      oidcConfiguration: { token_renew_mode: "access_token_invalid", demonstrating_proof_of_possession: false },
    });
    await say("setCodeVerifier", { codeVerifier: "verifier" });
    const { codeVerifier } = (await say("getCodeVerifier")).data;
    await fetch(tokenEndpoint, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "authorization_code", code: "code", code_verifier: codeVerifier }),
    });`,
};
