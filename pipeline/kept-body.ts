/** Bodies above this many bytes are not sent again. */
const REPLAY_LIMIT = 1_048_576;

/** Gives a request that was kept, or `null` where its body is too large, cannot be read, or does not end until `patience` does. */
export type KeptRequest = (patience: Promise<void>) => Promise<Request | null>;

/**
 * Keeps a request so that it can be sent again. Call it before the request is sent.
 *
 * No engine tells a body's size ahead. A clone that is never read costs next to nothing, so the size is looked at only when
 * a replay is due. A page that streams its upload may keep the stream open after the resource server has answered.
 */
export function keepBody(request: Request): KeptRequest {
  if (request.method === "GET" || request.method === "HEAD") return () => Promise.resolve(request);
  const kept = request.clone();
  return async (patience) => ((await canBeSentAgain(kept.clone(), patience)) ? kept.clone() : null);
}

async function canBeSentAgain(copy: Request, patience: Promise<void>): Promise<boolean> {
  // Firefox and WebKit send no streams. Firefox has no `Request.body`, and WebKit loses some requests whose body is looked at.
  if (!("duplex" in copy)) return (await copy.blob()).size <= REPLAY_LIMIT;
  const reader = copy.body?.getReader();
  if (!reader) return true;
  const late = patience.then(() => null);
  try {
    for (let size = 0; size <= REPLAY_LIMIT;) {
      const read = await Promise.race([reader.read(), late]);
      if (!read || read.done) return read !== null;
      size += read.value.byteLength;
    }
  } catch {
    // The page's stream has failed.
  } finally {
    reader.cancel().catch(() => undefined);
  }
  return false;
}
