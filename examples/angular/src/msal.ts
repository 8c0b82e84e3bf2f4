import { type EnvironmentProviders, makeEnvironmentProviders } from "@angular/core";
import {
  MSAL_GUARD_CONFIG,
  MSAL_INSTANCE,
  MsalBroadcastService,
  MsalGuard,
  type MsalGuardConfiguration,
  MsalService,
} from "@azure/msal-angular";
import { InteractionType, type IPublicClientApplication, PublicClientApplication } from "@azure/msal-browser";
import { msalAuth } from "./config";

/** The setup of msal-angular's documentation, without the interceptor. */
export function provideMsal(): EnvironmentProviders {
  return makeEnvironmentProviders([
    { provide: MSAL_INSTANCE, useFactory: createMsal },
    { provide: MSAL_GUARD_CONFIG, useValue: guardConfiguration },
    MsalService,
    MsalGuard,
    MsalBroadcastService,
  ]);
}

function createMsal(): IPublicClientApplication {
  // The page that `bearer-worker init` has copied. Redirects and hidden iframes end there, then MSAL returns to the app.
  const redirectUri = `${location.origin}/bearer-redirect.html`;
  return new PublicClientApplication({
    auth: { ...msalAuth, redirectUri, postLogoutRedirectUri: redirectUri, clientCapabilities: ["CP1"] },
  });
}

const guardConfiguration: MsalGuardConfiguration = {
  interactionType: InteractionType.Redirect,
  authRequest: { scopes: [] },
};
