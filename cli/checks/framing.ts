import { matchesAny, parsePolicies } from "../content-security-policy.ts";
import type { Answer } from "../http.ts";
import { fail, type Finding, pass } from "./finding.ts";
import type { Site } from "./site.ts";

/**
 * Checks that a page of the site may frame MSAL's redirect page. A policy in HTML has neither `frame-ancestors` nor `sandbox`.
 * Browsers that see `frame-ancestors` ignore X-Frame-Options.
 */
export function checkFraming({ page }: Site, { url, headers }: Answer): Finding {
  const policies = parsePolicies(headers.get("Content-Security-Policy") ?? "");
  const ancestors = policies.flatMap((policy) => {
    const sources = policy.get("frame-ancestors");
    return sources ? [sources] : [];
  });
  const frameOptions = headers.get("X-Frame-Options");
  const isSandboxed = policies.some((policy) => {
    const tokens = policy.get("sandbox");
    return tokens && !(tokens.includes("allow-scripts") && tokens.includes("allow-same-origin"));
  });
  const obstacle = isSandboxed
    ? "Content-Security-Policy: sandbox"
    : ancestors.some((sources) => !matchesAny(sources, page.url, url))
      ? "frame-ancestors"
      : ancestors.length === 0 && frameOptions !== null && !allowsSameOrigin(frameOptions)
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

const KNOWN = ["deny", "allowall", "sameorigin"];

/**
 * Whether a page of the same origin may frame the document. Equal values of several servers count once. A contradiction denies
 * everything, and a value that browsers do not know denies nothing.
 *
 * @see https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header
 */
function allowsSameOrigin(frameOptions: string): boolean {
  const values = new Set(frameOptions.split(",").map((value) => value.trim().toLowerCase()));
  return values.size > 1 ? !KNOWN.some((known) => values.has(known)) : !values.has("deny");
}
