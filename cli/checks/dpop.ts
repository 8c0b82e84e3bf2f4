import { type Answer, listOf } from "../http.ts";
import { fail, type Finding, pass, warn } from "./finding.ts";

/** The header that browsers ask for in the preflight of a request with a proof. */
export const PROOF_HEADER = "dpop";

/**
 * Whether an API asks for tokens that are bound to a key: its challenges name the scheme.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-7.1
 */
export const wantsProofs = ({ headers }: Answer): boolean =>
  /(?:^|,)\s*dpop(?:[\s,]|$)/i.test(headers.get("WWW-Authenticate") ?? "");

/** `*` covers the header, since only Authorization has to be listed by name. For requests with cookies it covers nothing. */
export function checkAllowProof(preflight: Answer): Finding {
  const { url, headers } = preflight;
  const allowed = listOf(preflight, "Access-Control-Allow-Headers");
  const allowsCookies = headers.get("Access-Control-Allow-Credentials") === "true";
  if (allowed.includes(PROOF_HEADER) || (allowed.includes("*") && !allowsCookies))
    return pass("api-allow-dpop", url, "The API allows the DPoP header.");
  return fail(
    "api-allow-dpop",
    url,
    "The API asks for DPoP tokens, and does not allow the DPoP header in Access-Control-Allow-Headers.",
    'Send "Access-Control-Allow-Headers: Authorization, DPoP" with the answer to OPTIONS.',
  );
}

/** Without the nonce a request fails where the API wants one; without the date a proof cannot have the API's time. */
export function checkExposeNonce(answer: Answer): Finding {
  const { url, headers } = answer;
  const exposed = listOf(answer, "Access-Control-Expose-Headers");
  const allowsCookies = headers.get("Access-Control-Allow-Credentials") === "true";
  const missing = ["DPoP-Nonce", "Date"].filter((name) => !exposed.includes(name.toLowerCase()));
  if (missing.length === 0 || (exposed.includes("*") && !allowsCookies))
    return pass("api-expose-dpop-nonce", url, "The API exposes DPoP-Nonce and Date.");
  const message = `The API asks for DPoP tokens, and does not expose ${missing.join(" and ")}.`;
  const fix = `Send "Access-Control-Expose-Headers: WWW-Authenticate, DPoP-Nonce, Date" with every answer.`;
  return headers.has("DPoP-Nonce") && missing.includes("DPoP-Nonce")
    ? fail("api-expose-dpop-nonce", url, message, fix)
    : warn("api-expose-dpop-nonce", url, message, fix);
}
