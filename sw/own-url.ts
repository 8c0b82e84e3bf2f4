import { VERSION_FIELD, VERSION_HEADERS } from "../protocol/forget-url.ts";

/**
 * Answers a page's request to the worker's own URL, which forgets everything unless its method is HEAD. Scripts of the origin
 * alone can send the header. Any site can navigate here, and content of users can name this URL as an image, as something to
 * prefetch or preload, with CORS or without, or as a link's ping.
 */
export function answerAtOwnUrl(
  { url, method, headers }: Request,
  ownUrl: string,
  forget: () => void,
): Response | null {
  if (url !== ownUrl || !headers.has(VERSION_FIELD)) return null;
  if (method !== "HEAD") forget();
  return new Response(null, { headers: VERSION_HEADERS });
}
