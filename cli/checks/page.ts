import { readPage } from "../html.ts";
import { isSecure, redirectOf, shown, typeOf } from "../http.ts";
import { fail, type Finding, pass, warn } from "./finding.ts";
import { checkPagePolicies } from "./page-policies.ts";
import type { Site } from "./site.ts";

/** Checks that the page is served, is secure, and has policies that let the worker and MSAL work. */
export function checkPage(site: Site): Finding[] {
  const loads = checkLoads(site);
  // An error page has other headers.
  if (loads.status === "fail") return [loads, checkSecure(site)];
  const { policies, isWhole } = readPage(site.page.body, site.page.url);
  return [
    isWhole && site.page.isWhole ? loads : readInPart(site),
    checkSecure(site),
    ...checkPagePolicies(site, policies),
    checkEmbedderPolicy(site),
    ...(site.redirectPage ? [checkOpenerPolicy(site)] : []),
  ];
}

function checkLoads({ page }: Site): Finding {
  const { url, status } = page;
  const elsewhere = redirectOf(page);
  if (elsewhere)
    return fail(
      "page-loads",
      url,
      `The page redirects to ${shown(elsewhere)}.`,
      "Give doctor the URL that the address bar shows in the end, of a page that attaches tokens.",
    );
  if (status !== 200 || !/html/.test(typeOf(page)))
    return fail(
      "page-loads",
      url,
      `The page answers ${status} with ${typeOf(page)}.`,
      "Give doctor the URL of a page that attaches tokens.",
    );
  return pass("page-loads", url, "The page loads.");
}

const readInPart = ({ page: { url } }: Site): Finding =>
  warn(
    "page-loads",
    url,
    "The page is larger than the 1 MB or the 50,000 elements that doctor reads, so its HTML was checked in part.",
    "Give doctor a smaller page that attaches tokens, and that is served by the same rules.",
  );

const checkSecure = ({ page: { url } }: Site): Finding =>
  isSecure(url)
    ? pass("page-secure", url, "The page is a secure context.")
    : fail(
        "page-secure",
        url,
        "The page is not a secure context, so browsers offer it no service workers.",
        "Serve the site over https, and redirect http to https. Development can use localhost.",
      );

/** The provider's page in the hidden iframe would have to send the header too. Providers do not send it. */
function checkEmbedderPolicy({ page: { url, headers } }: Site): Finding {
  const policy = headers.get("Cross-Origin-Embedder-Policy")?.split(";")[0]?.trim() ?? "unsafe-none";
  return policy === "unsafe-none"
    ? pass("page-embedder-policy", url, "The page can embed the identity provider.")
    : warn(
        "page-embedder-policy",
        url,
        `The page sends Cross-Origin-Embedder-Policy: ${policy}, so MSAL's hidden iframe cannot load the identity provider.`,
        "Remove Cross-Origin-Embedder-Policy from pages that attach tokens. With it, users have to sign in again each time their refresh token ends.",
      );
}

/** MSAL 5 gets the popup's answer by a message. Earlier versions look into the popup, which this policy takes from the page. */
function checkOpenerPolicy({ page: { url, headers } }: Site): Finding {
  const policy = headers.get("Cross-Origin-Opener-Policy")?.split(";")[0]?.trim();
  return policy !== "same-origin"
    ? pass("page-opener-policy", url, "The page keeps sight of its popups.")
    : warn(
        "page-opener-policy",
        url,
        "The page sends Cross-Origin-Opener-Policy: same-origin, so popups fail with MSAL 3 and 4.",
        'With MSAL 3 and 4 send "Cross-Origin-Opener-Policy: same-origin-allow-popups", or set the option interaction to "redirect". With MSAL 5 nothing has to change.',
      );
}
