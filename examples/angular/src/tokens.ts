import { inject, provideAppInitializer } from "@angular/core";
import { MSAL_INSTANCE, type MsalInterceptorConfiguration } from "@azure/msal-angular";
import { attachTokens } from "bearer-worker";
import { apiOrigin } from "./config";

/** As msal-angular's interceptor takes it. */
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

/**
 * All that this site does about tokens. Angular waits for it before the first component and the first guard: MSAL has
 * then handled the redirect that the page came back from, and requests have tokens.
 */
export const provideTokens = () =>
  provideAppInitializer(() =>
    attachTokens(inject(MSAL_INSTANCE), { protectedResourceMap, interaction: "redirect" }).catch(
      console.error,
    ),
  );
