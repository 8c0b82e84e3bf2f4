import type { ProofProblem } from "../protocol/request-notices.ts";
import { parseChallenges } from "./parse-challenges.ts";

/**
 * The `WWW-Authenticate` field with which a resource server refused a request's token, without its descriptions, or `null`. After a redirect to
 * another origin the response says nothing about the token, which did not go along.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export function challengeOf(request: Request, response: Response): string | null {
  const isRefusal = response.status === 401 && isOfOrigin(response, request);
  return isRefusal ? (response.headers.get("WWW-Authenticate")?.replace(DESCRIPTION, "") ?? null) : null;
}

/**
 * A parameter that is meant for people, quoted or not. It demands nothing, and would make two equal challenges differ: ASP.NET
 * Core and others tell in it when the token expired.
 */
const DESCRIPTION =
  /(?:,\s*)?\berror_(?:description|uri)\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s,"]+(?:\s+[^\s,"=]+(?=[\s,]|$))*)/gi;

/** Whether a response comes from the origin that the request went to. */
export const isOfOrigin = (response: Response, request: Request): boolean =>
  response.url.startsWith(`${new URL(request.url).origin}/`);

/**
 * The reason for which a challenge refuses the proof, as opposed to the token. RFC 9449 alone has these error codes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-9
 */
export function proofProblemOf(challenge: string): ProofProblem | null {
  const errors = parseChallenges(challenge).map(({ parameters }) => parameters.get("error"));
  if (errors.includes("use_dpop_nonce")) return "dpop_nonce_missing";
  return errors.includes("invalid_dpop_proof") ? "dpop_proof_refused" : null;
}
