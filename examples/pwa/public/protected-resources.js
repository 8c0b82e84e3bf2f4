// What is protected, for the page and for the worker.
const protectedResourceMap = {
  "/api/health": null,
  "/api/*": [
    { httpMethod: "GET", scopes: ["api://orders/Data.Read"] },
    { httpMethod: "POST", scopes: ["api://orders/Data.Write"] },
  ],
  [`${demoConfig.apiOrigin}/media/*`]: ["api://media/Media.Read"],
};
