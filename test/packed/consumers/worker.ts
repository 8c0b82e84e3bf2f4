// A service worker of the site's own, bundled.
import { BearerTokenPlugin, BearerWorkerError, registerTokenRoute } from "bearer-worker/sw";

const protectedResourceMap = { "/api/*": ["api://orders/Data.Read"], "/api/health": null };
try {
  registerTokenRoute({ protectedResourceMap, navigations: true });
} catch (error) {
  if (error instanceof BearerWorkerError) console.error(error.code);
}

export const plugin: {
  requestWillFetch: (parameters: { request: Request; event: ExtendableEvent }) => Promise<Request>;
} = new BearerTokenPlugin({ protectedResourceMap });

// @ts-expect-error -- the page's part is not for workers
bearerWorker.attachTokens();
