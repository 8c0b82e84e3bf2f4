import type { registerTokenRoute } from "bearer-worker/sw";

/** What snippets of the documentation for a service worker use without saying where it comes from. */
declare global {
  /** What `importScripts("/bearer-sw.js")` leaves. */
  const bearerWorker: { readonly registerTokenRoute: typeof registerTokenRoute };

  // TypeScript's library leaves it to each file to say that `self` is a service worker.
  interface WorkerGlobalScopeEventMap {
    activate: ExtendableEvent;
    fetch: FetchEvent;
    install: ExtendableEvent;
  }
}
