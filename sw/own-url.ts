import { VERSION_FIELD } from "../protocol/forget-url.ts";
import { PROTOCOL_VERSION } from "../protocol/messages.ts";

/** Answers a page's request to the worker's own URL, which forgets everything unless its method is HEAD. */
export function answerAtOwnUrl(
  { url, method, mode, destination }: Request,
  ownUrl: string,
  forget: () => void,
): Response | null {
  // Scripts alone send requests in this mode. Any site can navigate here, and content of users can name this URL as an
  // image, as a page to prefetch, or as a link's ping.
  if (url !== ownUrl || mode !== "cors" || destination !== "") return null;
  if (method !== "HEAD") forget();
  return new Response(null, { headers: { [VERSION_FIELD]: `${PROTOCOL_VERSION}` } });
}
