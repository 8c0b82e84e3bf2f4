import { serverOf } from "./server-of.ts";

/** Bodies above this many bytes are not sent again. */
const REPLAY_LIMIT = 1_048_576;

/**
 * The `WWW-Authenticate` field with which a resource server refused a request's token, or `null`. Where a redirect led off
 * the server, the token did not go along, and what stands there has nothing to say about it.
 */
export const challengeOf = (request: Request, response: Response): string | null =>
  response.status === 401 && response.url.startsWith(`${serverOf(request)}/`)
    ? response.headers.get("WWW-Authenticate")
    : null;

/**
 * Keeps a request so that it can be sent a second time. Call it before the first.
 *
 * @returns gives the request, or `null` where its body is too large
 */
export function keepAside(request: Request): () => Promise<Request | null> {
  if (request.method === "GET" || request.method === "HEAD") return () => Promise.resolve(request);
  const kept = request.clone();
  return async () => ((await kept.clone().blob()).size > REPLAY_LIMIT ? null : kept);
}
