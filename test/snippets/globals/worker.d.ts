import type { authorizeFetch, registerTokenRoute } from "bearer-worker/sw";

/** The globals that snippets of the documentation use in a service worker. */
declare global {
  /** The global of `importScripts("/bearer-sw.js")`. */
  const bearerWorker: {
    readonly registerTokenRoute: typeof registerTokenRoute;
    readonly authorizeFetch: typeof authorizeFetch;
  };

  // TypeScript's library leaves it to each file to say that `self` is a service worker.
  interface WorkerGlobalScopeEventMap {
    activate: ExtendableEvent;
    fetch: FetchEvent;
    install: ExtendableEvent;
  }
}
