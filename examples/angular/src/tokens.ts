import { inject, provideAppInitializer } from "@angular/core";
import { MSAL_INSTANCE, type MsalInterceptorConfiguration } from "@azure/msal-angular";
import { attachTokens } from "bearer-worker";
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

/**
 * The site's only code for tokens. Angular awaits it before the first component and the first guard. By then MSAL has
 * handled the redirect response, and requests carry tokens.
 */
export const provideTokens = () =>
  provideAppInitializer(() =>
    attachTokens(inject(MSAL_INSTANCE), { protectedResourceMap, interaction: "redirect" }).catch(
      console.error,
    ),
  );
