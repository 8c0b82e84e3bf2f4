import { MSAL_INSTANCE, type MsalInterceptorConfiguration } from "@azure/msal-angular";
import { provideTokenAttachment } from "bearer-worker/angular";
import { apiOrigin } from "./config";

/** The map in the format of msal-angular's interceptor. */
const protectedResourceMap: MsalInterceptorConfiguration["protectedResourceMap"] = new Map([
  ["/api/health", null],
  [
    "/api/*",
    [
      { httpMethod: "GET", scopes: ["api://orders/Data.Read"] },
      { httpMethod: "POST", scopes: ["api://orders/Data.Write"] },
    ],
  ],
  [`${apiOrigin}/media/*`, ["api://media/Media.Read"]],
]);

/** The site's only code for tokens. */
export const provideTokens = () =>
  provideTokenAttachment(MSAL_INSTANCE, { protectedResourceMap, interaction: "redirect" });
