import { isSecure, redirectOf, shown, typeOf } from "../http.ts";
import { fail, type Finding, pass, warn } from "./finding.ts";
import { checkPagePolicies } from "./page-policies.ts";
import type { Site } from "./site.ts";

/** What the page itself has to be: served, secure, and with policies that let the worker and MSAL work. */
export function checkPage(site: Site): Finding[] {
  const loads = checkLoads(site);
  const findings = [loads, checkSecure(site)];
  // An error page has other headers.
  return loads.status === "fail"
    ? findings
    : [...findings, ...checkPagePolicies(site), checkEmbedderPolicy(site)];
}

function checkLoads({ page }: Site): Finding {
  const { url, status } = page;
  const elsewhere = redirectOf(page);
  if (elsewhere)
    return fail(
      "page-loads",
      url,
      `leads to ${shown(elsewhere)}`,
      "Name the URL of a page that attaches tokens, as it stands in the address bar in the end.",
    );
  if (status !== 200 || !/html/.test(typeOf(page)))
    return fail(
      "page-loads",
      url,
      `answers ${status} with ${typeOf(page)}`,
      "Name the URL of a page that attaches tokens.",
    );
  return pass("page-loads", url, "loads");
}

const checkSecure = ({ page: { url } }: Site): Finding =>
  isSecure(url)
    ? pass("page-secure", url, "is a secure context")
    : fail(
        "page-secure",
        url,
        "is not a secure context, where browsers have no service workers",
        "Serve the site over https, and redirect http to it. For development, localhost will do.",
      );

/** The provider's page, which the hidden iframe loads, would have to send the header, too. Providers do not. */
function checkEmbedderPolicy({ page: { url, headers } }: Site): Finding {
  const policy = headers.get("Cross-Origin-Embedder-Policy")?.split(";")[0]?.trim() ?? "unsafe-none";
  return policy === "unsafe-none"
    ? pass("page-embedder-policy", url, "may embed the identity provider")
    : warn(
        "page-embedder-policy",
        url,
        `sends Cross-Origin-Embedder-Policy: ${policy}, so MSAL's hidden iframe cannot load the identity provider`,
        "Remove Cross-Origin-Embedder-Policy from pages that attach tokens. With it, users are asked again whenever their refresh token has ended.",
      );
}
