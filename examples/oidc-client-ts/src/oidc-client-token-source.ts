import { BearerWorkerError, type AccessToken, type TokenSource } from "bearer-worker";
import { ErrorResponse, type User, type UserManager } from "oidc-client-ts";

/** oidc-client-ts as a source of access tokens. It keeps one token, whose scopes grow with the requests' needs. */
export function oidcClientTokenSource(users: UserManager): TokenSource {
  const { authority, scope, redirect_uri, popup_redirect_uri, silent_redirect_uri } = users.settings;
  let user: User | null = null;
  users.events.addUserLoaded((loaded) => void (user = loaded));
  users.events.addUserUnloaded(() => void (user = null));

  const withScopes = (scopes: readonly string[]): string =>
    [...new Set([...scope.split(" "), ...(user?.scopes ?? []), ...scopes])].join(" ");

  return {
    providerOrigins: [new URL(authority).origin],
    redirectPages: [redirect_uri, popup_redirect_uri, silent_redirect_uri],
    account: () => user?.profile.sub ?? null,
    async ready() {
      user = await users.getUser();
    },

    async acquireSilent({ scopes, forceRefresh, challenge }) {
      // A challenge for the user's sign-in needs interaction.
      if (Object.keys(challenge).length > 0) throw interactionRequired();
      const has = user && scopes.every((wanted) => user?.scopes.includes(wanted));
      if (user && has && !user.expired && !forceRefresh) return { ...tokenOf(user), fromCache: true };
      try {
        return tokenOf(
          await users.signinSilent(has ? {} : { scope: withScopes(scopes), forceIframeAuth: true }),
        );
      } catch (error) {
        const code = error instanceof ErrorResponse ? error.error : "";
        throw code?.endsWith("_required") || code === "invalid_grant" ? interactionRequired(error) : error;
      }
    },

    async acquireInteractive({ scopes, challenge: { claims, acrValues, maxAge } }, by) {
      const request = {
        scope: withScopes(scopes),
        ...(claims && { extraQueryParams: { claims } }),
        ...(acrValues && { acr_values: acrValues }),
        ...(maxAge && { max_age: Number(maxAge) }),
      };
      if (by === "redirect") {
        await users.signinRedirect(request);
        return null;
      }
      return tokenOf(
        await users.signinPopup({ ...request, popupAbortOnClose: true }).catch((cause: Error) => {
          const code = cause.message.includes("closed") ? "popup_closed" : "interaction_failed";
          throw new BearerWorkerError(code, "The popup did not sign the user in.", { cause });
        }),
      );
    },

    subscribe(listener) {
      const stopLoaded = users.events.addUserLoaded(() => listener("interaction"));
      const stopUnloaded = users.events.addUserUnloaded(() => listener("account"));
      return () => [stopLoaded, stopUnloaded].forEach((stop) => stop());
    },
  };
}

function tokenOf(user: User | null): AccessToken {
  if (!user) throw interactionRequired();
  const { access_token: accessToken, profile, expires_at: seconds = 0 } = user;
  return { accessToken, account: profile.sub, expiresOn: new Date(seconds * 1000) };
}

const interactionRequired = (cause?: unknown): BearerWorkerError =>
  new BearerWorkerError("interaction_required", "The user has to sign in or consent.", { cause });
