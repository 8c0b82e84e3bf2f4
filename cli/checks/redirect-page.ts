import { randomBytes } from "node:crypto";
import { readPage, type Script } from "../html.ts";
import { type Answer, type Ask, askFollowing, redirectOf, shown, typeOf } from "../http.ts";
import { checkCaching } from "./caching.ts";
import { fail, type Finding, pass, warn } from "./finding.ts";
import { checkFraming } from "./framing.ts";
import { checkScripts } from "./redirect-scripts.ts";
import type { Site } from "./site.ts";

/**
 * Checks that MSAL's redirect page works in a popup and in a hidden iframe.
 *
 * @throws Unreachable
 */
export async function checkRedirectPage(ask: Ask, site: Site, redirectPage: URL): Promise<Finding[]> {
  const answer = await askFollowing(ask, redirectPage);
  const found = checkFound(redirectPage, answer);
  if (found.status === "fail") return [found];
  const page = readPage(answer.body, answer.url);
  // Under this name nothing but the page that `init` copies is of use. A site's own page may be any.
  const isCopy = redirectPage.pathname.endsWith("/bearer-redirect.html");
  const loadsCopied = page.scripts.some(({ src }) => src?.pathname.endsWith("/bearer-redirect.js"));
  const likeness = isCopy && loadsCopied ? null : await likenessOf(ask, site, answer, page.scripts);
  if (likeness && isCopy)
    return [fail("redirect-found", redirectPage, `The redirect page is ${likeness}.`, COPY)];
  if (likeness)
    return [checkSitesPage(redirectPage, likeness), checkFraming(site, answer), checkOpenerPolicy(answer)];
  return [
    found,
    page.scripts.length === 0
      ? checkBlank(answer, isCopy)
      : isCopy && !loadsCopied
        ? foreign(answer)
        : await checkScripts(ask, answer, page),
    checkFraming(site, answer),
    checkEmbedderPolicy(answer),
    checkOpenerPolicy(answer),
    checkCaching("redirect-caching", answer, "The redirect page", "the redirect page and its script"),
  ];
}

function checkFound(redirectPage: URL, answer: Answer): Finding {
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

const COPY = `Copy the redirect page there with "npx bearer-worker init <dir>", and exempt it from rules that answer every path with the site's page. If your redirect URI is another, give it with --redirect, or "--redirect none" if your identity library has none.`;

/**
 * The words for a redirect page that is a page of the site; null if it is a page of its own. A page's body can differ with
 * each answer, by a nonce. A server that sends the page for every path sends it for a name that does not exist.
 *
 * @throws Unreachable
 */
async function likenessOf(
  ask: Ask,
  { page }: Site,
  answer: Answer,
  scripts: readonly Script[],
): Promise<string | null> {
  if (shown(answer.url) === shown(page.url) || answer.body === page.body)
    return `the same page as ${page.url.pathname}`;
  if (scripts.length === 0) return null;
  const sibling = new URL(answer.url);
  sibling.pathname = sibling.pathname.replace(/(?:\.[^./]*)?$/, `-${randomBytes(6).toString("hex")}$&`);
  const other = await ask(sibling, { headers: { Accept: "text/html" }, reads: true });
  const isSame =
    other.status === 200 &&
    /html/.test(typeOf(other)) &&
    namesOf(readPage(other.body, sibling).scripts) === namesOf(scripts);
  return isSame ? "the page that the server sends for names that do not exist" : null;
}

const namesOf = (scripts: readonly Script[]): string =>
  scripts.map(({ src }) => (src ? shown(src) : "inline")).join(" ");

const checkSitesPage = (redirectPage: URL, likeness: string): Finding =>
  warn(
    "redirect-found",
    redirectPage,
    `The redirect page is ${likeness}, so each popup and hidden iframe loads your app.`,
    `Call attachTokens in it before other code changes the URL. The page that "npx bearer-worker init <dir>" copies is smaller, and runs none of your code.`,
  );

const checkBlank = ({ url }: Answer, isCopy: boolean): Finding =>
  isCopy
    ? fail("redirect-script", url, "The redirect page has no script, so MSAL gets no response.", COPY)
    : warn(
        "redirect-script",
        url,
        "The redirect page has no script. Such a page serves MSAL 3 and 4, and not MSAL 5.",
        `With MSAL 5 use the page that "npx bearer-worker init <dir>" copies. It serves MSAL 3 and 4 as well.`,
      );

const foreign = ({ url }: Answer): Finding =>
  fail(
    "redirect-script",
    url,
    "The redirect page does not load bearer-redirect.js, so it is another page than the one of this name.",
    `${COPY} Give a redirect page of your own another name.`,
  );

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
        "Serve the redirect page without Cross-Origin-Opener-Policy. With MSAL 5 the other pages may keep it.",
      );
}
