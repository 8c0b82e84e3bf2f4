// The map of protected resources, for the page and the worker.
const protectedResourceMap = {
  "/api/health": null,
  "/api/*": [
    { httpMethod: "GET", scopes: ["api://orders/Data.Read"] },
    { httpMethod: "POST", scopes: ["api://orders/Data.Write"] },
  ],
  [`${demoConfig.apiOrigin}/media/*`]: ["api://media/Media.Read"],
};
