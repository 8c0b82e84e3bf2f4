import { UserManager } from "oidc-client-ts";

declare global {
  /** The configuration that the local stack provides. In your site: constants or variables of the build. */
  var demoConfig: { issuer: string; msalAuth: { clientId: string } };
}

const callback = `${location.origin}/callback.html`;

export const users = new UserManager({
  authority: demoConfig.issuer,
  client_id: demoConfig.msalAuth.clientId,
  scope: "openid profile offline_access api://orders/Data.Read",
  redirect_uri: callback,
  popup_redirect_uri: callback,
  silent_redirect_uri: callback,
  popup_post_logout_redirect_uri: callback,
  // No timer is needed: the worker asks when a request needs a token.
  automaticSilentRenew: false,
});
