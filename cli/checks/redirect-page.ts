import { matchesAny, parsePolicies, refusedBy } from "../content-security-policy.ts";
import { readPage } from "../html.ts";
import { type Answer, type Ask, askFollowing, isScript, redirectOf, shown, typeOf } from "../http.ts";
import { checkCaching } from "./caching.ts";
import { fail, type Finding, pass, warn } from "./finding.ts";
import type { Site } from "./site.ts";

/**
 * Checks that MSAL's redirect page works in a popup and in a hidden iframe.
 *
 * @throws Unreachable
 */
export async function checkRedirectPage(ask: Ask, site: Site): Promise<Finding[]> {
  const answer = await askFollowing(ask, site.redirectPage);
  const found = checkFound(site, answer);
  if (found.status === "fail") return [found];
  return [
    found,
    await checkScripts(ask, answer),
    checkFraming(site, answer),
    checkEmbedderPolicy(answer),
    checkOpenerPolicy(answer),
    checkCaching("redirect-caching", answer, "The redirect page", "the redirect page and its script"),
  ];
}

function checkFound({ page, redirectPage }: Site, answer: Answer): Finding {
  const elsewhere = redirectOf(answer);
  if (elsewhere || answer.status !== 200 || !/html/.test(typeOf(answer)))
    return fail(
      "redirect-found",
      redirectPage,
      elsewhere
        ? `The redirect page redirects to ${shown(elsewhere)}.`
        : `The redirect page answers ${answer.status} with ${typeOf(answer)}.`,
      COPY,
    );
  if (answer.body === page.body)
    return fail(
      "redirect-found",
      redirectPage,
      `The redirect page is the same page as ${page.url.pathname}.`,
      COPY,
    );
  if (!answer.isWhole)
    return fail(
      "redirect-found",
      redirectPage,
      "The redirect page is larger than the 1 MB that doctor reads, and MSAL's redirect page is small.",
      COPY,
    );
  if (answer.url.pathname !== redirectPage.pathname)
    return warn(
      "redirect-found",
      redirectPage,
      `The redirect page redirects to ${answer.url.pathname}.`,
      `Use ${answer.url.pathname} as the redirect URI, at the provider and in MSAL's configuration, or serve the page without a redirect.`,
    );
  return pass("redirect-found", redirectPage, "The redirect page is there.");
}

const COPY = `Copy the redirect page there with "npx bearer-worker init <dir>", and exempt it from rules that answer every path with the site's page. If your redirect URI is another, give it with --redirect.`;

/** MSAL's redirect page needs one script. The server decides how many there are, and each costs a request. */
const MOST_SCRIPTS = 10;

async function checkScripts(ask: Ask, answer: Answer): Promise<Finding> {
  const { url, body, headers } = answer;
  const { scripts } = readPage(body, url);
  const policies = parsePolicies(headers.get("Content-Security-Policy") ?? "");
  if (scripts.length === 0)
    return fail("redirect-script", url, "The redirect page has no script, so MSAL gets no response.", COPY);
  let asked = 0;
  let elsewhere = 0;
  for (const { src: target, nonce } of scripts) {
    if (!target) continue;
    const by = refusedBy(policies, "script-src", target, url, nonce);
    if (by)
      return fail(
        "redirect-script",
        url,
        `The redirect page's Content-Security-Policy does not allow ${shown(target)} in ${by}.`,
        `Serve the redirect page with a policy that allows its script, such as "script-src 'self'".`,
      );
    if (target.origin !== url.origin) {
      elsewhere += 1;
      continue;
    }
    if (asked === MOST_SCRIPTS)
      return warn(
        "redirect-script",
        url,
        `The redirect page has ${scripts.length} scripts, of which doctor asked for ${MOST_SCRIPTS}.`,
        COPY,
      );
    asked += 1;
    const served = await ask(target);
    if (served.status !== 200 || !isScript(served))
      return fail(
        "redirect-script",
        url,
        `The redirect page's script ${shown(target)} answers ${served.status} with ${typeOf(served)}.`,
        COPY,
      );
  }
  return pass(
    "redirect-script",
    url,
    elsewhere === 0
      ? "The redirect page loads its script."
      : `The redirect page names ${elsewhere} ${elsewhere === 1 ? "script" : "scripts"} of other origins, which doctor does not ask for.`,
  );
}

/** MSAL frames the redirect page in a page of the same origin. Browsers that see `frame-ancestors` ignore X-Frame-Options. */
function checkFraming({ page }: Site, { url, headers }: Answer): Finding {
  const policies = parsePolicies(headers.get("Content-Security-Policy") ?? "");
  const ancestors = policies.flatMap((policy) => {
    const sources = policy.get("frame-ancestors");
    return sources ? [sources] : [];
  });
  const frameOptions = headers.get("X-Frame-Options")?.trim().toUpperCase();
  const isSandboxed = policies.some((policy) => {
    const tokens = policy.get("sandbox");
    return tokens && !(tokens.includes("allow-scripts") && tokens.includes("allow-same-origin"));
  });
  const obstacle = isSandboxed
    ? "Content-Security-Policy: sandbox"
    : ancestors.some((sources) => !matchesAny(sources, page.url, url))
      ? "frame-ancestors"
      : ancestors.length === 0 && frameOptions && frameOptions !== "SAMEORIGIN"
        ? `X-Frame-Options: ${frameOptions}`
        : null;
  if (!obstacle) return pass("redirect-framing", url, "The page may frame the redirect page.");
  return fail(
    "redirect-framing",
    url,
    `The redirect page is served with ${obstacle}, so MSAL's hidden iframe gets no response.`,
    `Serve the redirect page without this header, or with "X-Frame-Options: SAMEORIGIN" or "frame-ancestors 'self'".`,
  );
}

function checkEmbedderPolicy({ url, headers }: Answer): Finding {
  const policy = headers.get("Cross-Origin-Embedder-Policy")?.split(";")[0]?.trim() ?? "unsafe-none";
  return policy === "unsafe-none"
    ? pass("redirect-embedder-policy", url, "The redirect page has no embedder policy.")
    : warn(
        "redirect-embedder-policy",
        url,
        `The redirect page sends Cross-Origin-Embedder-Policy: ${policy}, so silent sign-in can time out.`,
        "Serve the redirect page without Cross-Origin-Embedder-Policy.",
      );
}

/** @see https://learn.microsoft.com/entra/msal/javascript/browser/redirect-bridge */
function checkOpenerPolicy({ url, headers }: Answer): Finding {
  const policy = headers.get("Cross-Origin-Opener-Policy")?.split(";")[0]?.trim() ?? "unsafe-none";
  return policy === "unsafe-none"
    ? pass("redirect-opener-policy", url, "The redirect page has no opener policy.")
    : warn(
        "redirect-opener-policy",
        url,
        `The redirect page sends Cross-Origin-Opener-Policy: ${policy}, which MSAL's documentation forbids: popups can end without a result.`,
        "Serve the redirect page without Cross-Origin-Opener-Policy. The other pages may keep it.",
      );
}
