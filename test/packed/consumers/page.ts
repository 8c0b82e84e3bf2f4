// A page with a bundler.
import { PublicClientApplication } from "@azure/msal-browser";
import {
  attachTokens,
  BearerWorkerError,
  matchProtectedResource,
  type AccessToken,
  type BearerWorkerErrorCode,
  type ProtectedResourceMap,
  type TokenAttachment,
  type TokenSource,
} from "bearer-worker";

const protectedResourceMap: ProtectedResourceMap = {
  "/api/health": null,
  "/api/*": [{ httpMethod: "GET", scopes: ["api://orders/Data.Read"] }, "api://orders/Data.Write"],
};
const msal = new PublicClientApplication({ auth: { clientId: "c", redirectUri: "/bearer-redirect.html" } });

export async function attach(): Promise<TokenAttachment> {
  try {
    const attachment = await attachTokens(msal, {
      protectedResourceMap,
      account: (instance) => instance.getActiveAccount(),
      authRequest: (_msal, { url }, { account, scopes }) => ({
        authority: `https://login.microsoftonline.com/${account?.tenantId ?? "common"}`,
        extraQueryParameters: { count: String(scopes.length), length: String(url.length) },
      }),
      interaction: async ({ popup, signal }) => {
        if (!signal.aborted) await popup();
      },
    });
    attachment.addEventListener("tokenfailed", ({ detail }) => {
      const code: BearerWorkerErrorCode = detail.code;
      console.warn(code, detail.scopes.join(" "));
    });
    return attachment;
  } catch (error) {
    if (error instanceof BearerWorkerError && error.code === "page_out_of_scope") console.warn(error.message);
    throw error;
  }
}

const token = (): Promise<AccessToken> =>
  Promise.resolve({ accessToken: "t", account: "a", expiresOn: new Date() });
export const source: TokenSource = {
  providerOrigins: ["https://login.example"],
  redirectPages: [],
  ready: () => Promise.resolve(),
  account: () => "a",
  acquireSilent: token,
  acquireInteractive: token,
  subscribe: () => () => undefined,
};
void attachTokens(source, { protectedResourceMap: new Map([["/api/*", ["api://orders/Data.Read"]]]) });

export const scopes: readonly string[] | null = matchProtectedResource(
  protectedResourceMap,
  "/api/orders",
  "GET",
  "https://shop.example/",
);

// @ts-expect-error -- there is no such option
void attachTokens(msal, { protectedResourceMap, resources: [] });
// @ts-expect-error -- options of MSAL are for MSAL
void attachTokens(source, { protectedResourceMap, authRequest: {} });
