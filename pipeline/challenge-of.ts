import type { ProofProblem } from "../protocol/request-notices.ts";

/**
 * The `WWW-Authenticate` field with which a resource server refused a request's token, or `null`. After a redirect to
 * another origin the response says nothing about the token, which did not go along.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export const challengeOf = (request: Request, response: Response): string | null =>
  response.status === 401 && isOfOrigin(response, request) ? response.headers.get("WWW-Authenticate") : null;

/** Whether a response comes from the origin that the request went to. */
export const isOfOrigin = (response: Response, request: Request): boolean =>
  response.url.startsWith(`${new URL(request.url).origin}/`);

/**
 * The reason for which a challenge refuses the proof, as opposed to the token. RFC 9449 alone has these error codes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-9
 */
export function proofProblemOf(challenge: string): ProofProblem | null {
  if (/\berror="?use_dpop_nonce\b/.test(challenge)) return "dpop_nonce_missing";
  return /\berror="?invalid_dpop_proof\b/.test(challenge) ? "dpop_proof_refused" : null;
}
