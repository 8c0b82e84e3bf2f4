// A classic worker of the site's own: the types come with `"types": ["bearer-worker/bearer-sw.js"]`.
importScripts("/bearer-sw.js");
bearerWorker.registerTokenRoute({ protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } });

// @ts-expect-error -- the page's part is not for workers
bearerWorker.attachTokens();
