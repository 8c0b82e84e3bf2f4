import { PROTOCOL_VERSION } from "./messages.ts";

/**
 * The URL that a page asks with `FORGET` when its account signs out or changes: the worker forgets all tokens. A message would
 * be overtaken by the requests that the page makes right after it. Requests keep their order.
 *
 * A request with `ASK_VERSION` forgets nothing. The worker answers both with its version. A page learns by it whether its requests
 * reach the worker, and in which version the worker speaks.
 *
 * @param script the worker's own URL; its server answers where no worker does
 */
export const forgetUrl = ({ origin, pathname }: Pick<URL, "origin" | "pathname">): string =>
  `${origin}${pathname}${QUERY}`;

/** Whether a URL makes a worker forget, or asks for its version. */
export const isForgetUrl = ({ search }: Pick<URL, "search">): boolean => search === QUERY;

const QUERY = "?bearer-worker=forget";

/**
 * The header in which page and worker tell each other their version of the protocol. No server sends it. No element, form, link
 * or ping can, so content of users and other sites cannot make the worker forget.
 */
export const VERSION_FIELD = "bearer-worker";

export const VERSION_HEADERS: Readonly<Record<string, string>> = { [VERSION_FIELD]: `${PROTOCOL_VERSION}` };

/** The request header that makes the worker forget. */
export const FORGET_FIELD = "bearer-worker-forget";

/**
 * A question for the worker's version. Chromium answers a GET request from a preload of the same URL, which anyone can put into the
 * page, whatever its headers and cache mode. It answers no HEAD request so.
 */
export const ASK_VERSION: RequestInit = { method: "HEAD", cache: "no-store", headers: VERSION_HEADERS };

/** The wish that the worker forgets. Without `keepalive`: Firefox sends such requests past the worker. */
export const FORGET: RequestInit = { ...ASK_VERSION, headers: { ...VERSION_HEADERS, [FORGET_FIELD]: "1" } };

/** The response header that a worker of the site's own adds while another of its listeners would have answered this URL. */
export const PREEMPTED_FIELD = "bearer-worker-preempted";
