/** Bodies above this many bytes are not sent again. */
const REPLAY_LIMIT = 1_048_576;

/**
 * Keeps a request so that it can be sent again. Call it before the request is sent.
 *
 * No engine tells a body's size ahead. A clone that is never read costs next to nothing, so the size is looked at only when
 * a replay is due.
 *
 * @returns gives the request, or `null` where its body is too large
 */
export function keepBody(request: Request): () => Promise<Request | null> {
  if (request.method === "GET" || request.method === "HEAD") return () => Promise.resolve(request);
  const kept = request.clone();
  return async () => ((await kept.clone().blob()).size > REPLAY_LIMIT ? null : kept.clone());
}
