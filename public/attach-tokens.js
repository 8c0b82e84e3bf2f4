import { msal } from "./sign-in.js";

export const attachment = bearerWorker.attachTokens(msal, {
  protectedResourceMap: {
    "/api/health": null,
    "/api/*": [
      { httpMethod: "GET", scopes: ["api://orders/Data.Read"] },
      { httpMethod: "POST", scopes: ["api://orders/Data.Write"] },
    ],
    [`${demoConfig.apiOrigin}/media/*`]: ["api://media/Media.Read"],
  },
});
