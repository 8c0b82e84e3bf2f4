import { type FetchDirective, parsePolicies, type Policy, refusedBy } from "../content-security-policy.ts";
import { fail, type CheckName, type Finding, pass, warn } from "./finding.ts";
import type { Site } from "./site.ts";

/** The name of the page part's own policy, which makes the worker's URL a trusted one. */
const TRUSTED_TYPES_POLICY = "bearer-worker";

/**
 * Checks the page's Content-Security-Policy, in its headers and in its HTML.
 *
 * @param inHtml the policies in the page's HTML
 */
export function checkPagePolicies(site: Site, inHtml: readonly string[]): Finding[] {
  const inHeaders = site.page.headers.get("Content-Security-Policy") ?? "";
  const policies = [inHeaders, ...inHtml].flatMap(parsePolicies);
  return [
    checkSources(site, policies, "page-worker-src", "worker-src", [site.worker]),
    checkSources(site, policies, "page-connect-src", "connect-src", [
      site.worker,
      ...site.apis,
      ...site.providers,
    ]),
    // The hidden iframe shows the provider, then the redirect page.
    checkSources(site, policies, "page-frame-src", "frame-src", [
      ...(site.redirectPage ? [site.redirectPage] : []),
      ...site.providers,
    ]),
    checkTrustedTypes(site, policies),
  ];
}

function checkSources(
  { page: { url }, providers }: Site,
  policies: readonly Policy[],
  check: CheckName,
  directive: FetchDirective,
  targets: readonly URL[],
): Finding {
  const refused = targets.flatMap((target) => {
    const by = refusedBy(policies, directive, target, url);
    return by ? [{ source: sourceFor(target, url), by }] : [];
  });
  const [first] = refused;
  const isOpen = directive === "worker-src" || !refusedBy(policies, directive, ANY_PROVIDER, url);
  if (!first && providers.length === 0 && !isOpen)
    return warn(
      check,
      url,
      `The page's Content-Security-Policy restricts ${directive}, and doctor does not know whether it allows the identity provider.`,
      "Name the provider with --provider, as in --provider https://login.microsoftonline.com.",
    );
  if (!first)
    return pass(check, url, `The page's Content-Security-Policy allows all needed sources in ${directive}.`);
  const sources = [...new Set(refused.map(({ source }) => source))].join(" ");
  return fail(
    check,
    url,
    `The page's Content-Security-Policy does not allow ${sources} in ${first.by}.`,
    `Add ${sources} to ${directive}${first.by === directive ? "" : `, which falls back to ${first.by} when it is missing`}.`,
  );
}

/** A provider that no policy names. */
const ANY_PROVIDER = new URL("https://provider.invalid/");

/** The source that stands for the origin of `target` in a policy. */
export const sourceFor = (target: URL, self: URL): string =>
  target.origin === self.origin ? "'self'" : target.origin;

/** The page part creates its own policy in every browser that has trusted types. */
function checkTrustedTypes({ page: { url } }: Site, policies: readonly Policy[]): Finding {
  const refuses = policies.some((policy) => {
    const names = policy.get("trusted-types");
    return names && !names.includes(TRUSTED_TYPES_POLICY) && !names.includes("*");
  });
  return refuses
    ? fail(
        "page-trusted-types",
        url,
        `The page's Content-Security-Policy does not allow the policy ${TRUSTED_TYPES_POLICY} in trusted-types.`,
        `Add ${TRUSTED_TYPES_POLICY} to trusted-types: the worker's URL needs this policy.`,
      )
    : pass("page-trusted-types", url, "The page's trusted types let the worker be registered.");
}
