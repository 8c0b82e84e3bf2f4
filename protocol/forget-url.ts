import { PROTOCOL_VERSION } from "./messages.ts";

/**
 * The URL that a page fetches when its account signs out or changes: the worker forgets all tokens. A message would be
 * overtaken by the requests that the page makes right after it. Requests keep their order.
 *
 * A HEAD request forgets nothing. Both have `VERSION_HEADERS`, and so has the worker's answer. A page learns by it whether its
 * requests reach the worker, and in which version the worker speaks.
 *
 * @param script the worker's own URL; its server answers where no worker does
 */
export const forgetUrl = ({ origin, pathname }: Pick<URL, "origin" | "pathname">): string =>
  `${origin}${pathname}${FORGET}`;

/** Whether a URL makes a worker forget, or asks for its version. */
export const isForgetUrl = ({ search }: Pick<URL, "search">): boolean => search === FORGET;

const FORGET = "?bearer-worker=forget";

/**
 * The header in which page and worker tell each other their version of the protocol. No server sends it. No element, form, link
 * or ping can, so content of users and other sites cannot make the worker forget.
 */
export const VERSION_FIELD = "bearer-worker";

export const VERSION_HEADERS: Readonly<Record<string, string>> = { [VERSION_FIELD]: `${PROTOCOL_VERSION}` };

/** The response header that a worker of the site's own adds while another of its listeners would have answered this URL. */
export const PREEMPTED_FIELD = "bearer-worker-preempted";
