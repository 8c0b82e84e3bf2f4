/**
 * Page to worker, as a request instead of a message: an account signed out or changed, forget all tokens. A message would
 * be overtaken by the requests that the page makes right after it; requests keep their order.
 *
 * A HEAD request forgets nothing. The answer to either has the worker's version in `VERSION_FIELD`, which no server sends:
 * it shows that requests come to the worker at all, and in which version of the protocol it speaks.
 *
 * @param script the worker's own URL, so that where no worker answers, the server does
 */
export const forgetUrl = ({ origin, pathname }: Pick<URL, "origin" | "pathname">): string =>
  `${origin}${pathname}?bearer-worker=forget`;
