import { FORGET_FIELD, VERSION_FIELD, VERSION_HEADERS } from "../protocol/forget-url.ts";

/**
 * Answers a page's request to the worker's own URL, and forgets everything if its header says so. Scripts of the origin alone
 * can send such headers. Any site can navigate here, and content of users can name this URL as an image, as something to
 * prefetch or preload, with CORS or without, or as a link's ping.
 */
export function answerAtOwnUrl(
  { url, headers }: Request,
  ownUrl: string,
  forget: () => void,
): Response | null {
  if (url !== ownUrl || !headers.has(VERSION_FIELD)) return null;
  if (headers.has(FORGET_FIELD)) forget();
  return new Response(null, { headers: VERSION_HEADERS });
}
