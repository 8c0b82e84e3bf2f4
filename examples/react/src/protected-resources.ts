import type { ProtectedResourceMap } from "bearer-worker";
import { apiOrigin } from "./config.ts";

/** The requests that get tokens, and their scopes. */
export const protectedResourceMap: ProtectedResourceMap = {
  "/api/health": null,
  "/api/*": [
    { httpMethod: "GET", scopes: ["api://orders/Data.Read"] },
    { httpMethod: "POST", scopes: ["api://orders/Data.Write"] },
  ],
  [`${apiOrigin}/media/*`]: ["api://media/Media.Read"],
};
