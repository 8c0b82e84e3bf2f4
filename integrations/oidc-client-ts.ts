import { type AccessToken, BearerWorkerError, type Challenge, type TokenSource } from "bearer-worker";
import type { SigninPopupArgs, SigninSilentArgs, User, UserManager } from "oidc-client-ts";

/** How long a token counts as valid if the provider does not say how long it is, in milliseconds. */
const UNKNOWN_LIFETIME = 300_000;

/**
 * Makes a `UserManager` of oidc-client-ts a source of access tokens. The library keeps one token for a user, and the token's
 * scopes grow with the needs of requests: a hidden iframe adds a scope silently, a popup or a redirect with the user. A page
 * of the site's own, at `redirect_uri`, calls `signinCallback`. After a redirect this gives a user whose `state` is the address
 * of the page that they left. Go back there.
 *
 * With the library's setting `dpop`, all tokens are DPoP tokens. The worker signs with the key pair of the library's store.
 */
export function oidcClientTokenSource(users: UserManager): TokenSource {
  const { settings, events } = users;
  let user: User | null = null;
  events.addUserLoaded((loaded) => void (user = loaded));
  events.addUserUnloaded(() => void (user = null));

  const withScopes = (scopes: readonly string[]): string =>
    [...new Set([...settings.scope.split(" "), ...(user?.scopes ?? []), ...scopes])].join(" ");

  const keysOf = async (): Promise<CryptoKeyPair | undefined> =>
    (await settings.dpop?.store.get(settings.client_id))?.keys;
  const tokenOf = async (given: User | null): Promise<AccessToken> => {
    const token = plainTokenOf(given);
    // A provider that cannot bind tokens says so in the type, and the map decides what becomes of it.
    return given?.token_type.toLowerCase() === "dpop" ? { ...token, signer: await keysOf() } : token;
  };

  return {
    tokenType: settings.dpop ? "DPoP" : undefined,
    providerOrigins: originsOf(settings),
    redirectPages: [settings.redirect_uri, settings.popup_redirect_uri, settings.silent_redirect_uri],
    account: () => (user ? accountOf(user) : null),
    async ready() {
      user = await users.getUser();
    },

    async acquireSilent({ scopes, forceRefresh, challenge }) {
      // A challenge for the user's sign-in needs interaction.
      if (Object.keys(challenge).length > 0) throw interactionRequired();
      const covers = (given: User | null): boolean =>
        scopes.every((wanted) => given?.scopes.includes(wanted));
      const has = covers(user);
      if (user && has && !user.expired && !forceRefresh) return { ...(await tokenOf(user)), fromCache: true };
      // The library stores a new user before it tells of them, and waits for the site's listeners, whose requests come here.
      const stored = await users.getUser();
      if (isRenewed(stored, user) && covers(stored)) {
        user = stored;
        return await tokenOf(stored);
      }
      try {
        // Without an iframe the library uses the refresh token, whose scopes stay as they are.
        return await tokenOf(
          await users.signinSilent(has ? {} : { scope: withScopes(scopes), forceIframeAuth: true }),
        );
      } catch (error) {
        const { error: code } = error as { readonly error?: unknown };
        throw /_required$|^invalid_grant$/.test(String(code)) ? interactionRequired(error) : error;
      }
    },

    async acquireInteractive({ scopes, challenge }, by, settled) {
      const request = { scope: withScopes(scopes), ...demandsOf(challenge) };
      if (by === "redirect") {
        // The library keeps the address until the user is back, and the provider does not see it.
        const redirect = users.signinRedirect({ ...request, state: location.href });
        await Promise.race([redirect, leaving(settled)]);
        return null;
      }
      const popup = { ...request, popupAbortOnClose: true, popupSignal: settled };
      return await tokenOf(await users.signinPopup(popup).catch(rethrowPopupError));
    },

    subscribe(listener) {
      const [isSilent, stopTurns] = takeTurns(users, () => user);
      // A renewal without the user is none of the user's doing.
      const stopLoaded = events.addUserLoaded(() => listener(isSilent() ? "account" : "interaction"));
      const stopUnloaded = events.addUserUnloaded(() => listener("account"));
      // Another tab has signed the user in or out, in a store that the tabs share. The library raises no event for it.
      const elsewhere = ({ key }: StorageEvent): void => {
        if (key !== null && !key.endsWith(`user:${settings.authority}:${settings.client_id}`)) return;
        void users.getUser().then((stored) => {
          user = stored;
          listener("account");
        }, ignore);
      };
      addEventListener("storage", elsewhere);
      return () => {
        stopTurns();
        stopLoaded();
        stopUnloaded();
        removeEventListener("storage", elsewhere);
      };
    },
  };
}

const ignore = (): void => undefined;

/**
 * Resolves when the page begins to leave. The library's own promise lasts until the page is shown again, and for ever where
 * the user stays. Browsers of phones raise no `beforeunload`, and ask no user whether to stay.
 */
const leaving = (settled: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    for (const event of ["beforeunload", "pagehide"])
      addEventListener(event, () => resolve(), { signal: settled });
  });

/**
 * Makes renewals by refresh token take turns, those of the library and of the site included, in all tabs. A provider that
 * rotates refresh tokens refuses one that comes twice, and may end the session for it. Sign-ins by hidden iframe send none,
 * and need no turn.
 *
 * @param known the user as this tab knows them
 * @returns whether a silent sign-in is under way, and a function that puts the library's own method back
 * @see https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2
 */
function takeTurns(
  users: UserManager,
  known: () => User | null,
): readonly [isSilent: () => boolean, stop: () => void] {
  const { authority, client_id: client } = users.settings;
  const signinSilent = users.signinSilent.bind(users);

  const renew = async (given: SigninSilentArgs): Promise<User | null> => {
    const before = known();
    return await navigator.locks.request(`bearer-worker renewal ${authority} ${client}`, async () => {
      const stored = Object.keys(given).length === 0 ? await users.getUser() : null;
      if (!isRenewed(stored, before)) return await signinSilent(given);
      // An earlier turn has renewed the tokens. The site hears of it once in each tab.
      return isRenewed(stored, known()) ? await users.getUser(true) : stored;
    });
  };

  let count = 0;
  users.signinSilent = async (given: SigninSilentArgs = {}) => {
    count += 1;
    try {
      return await (given.forceIframeAuth ? signinSilent(given) : renew(given));
    } finally {
      count -= 1;
    }
  };
  return [
    () => count > 0,
    () => {
      users.signinSilent = signinSilent;
    },
  ];
}

/** Whether a store has a valid token that is not the one that is known. */
const isRenewed = (stored: User | null, known: User | null): stored is User =>
  stored !== null && !stored.expired && stored.access_token !== known?.access_token;

/** The provider's endpoints may be on other origins than its name. */
function originsOf({ authority, metadata, metadataSeed }: UserManager["settings"]): string[] {
  const { authorization_endpoint, token_endpoint } = { ...metadataSeed, ...metadata };
  const urls = [authority, authorization_endpoint, token_endpoint].filter((url) => url !== undefined);
  return [...new Set(urls.map((url) => new URL(url).origin))];
}

const demandsOf = ({ claims, acrValues, maxAge }: Challenge): SigninPopupArgs => ({
  ...(claims && { extraQueryParams: { claims } }),
  ...(acrValues && { acr_values: acrValues }),
  ...(maxAge && { max_age: Number(maxAge) }),
});

/** An account has no space in its name, and a subject may. */
const accountOf = ({ profile }: User): string => encodeURIComponent(profile.sub);

function plainTokenOf(user: User | null): AccessToken {
  if (!user) throw interactionRequired();
  const { access_token: accessToken, expires_at: seconds } = user;
  const end = seconds === undefined ? Date.now() + UNKNOWN_LIFETIME : seconds * 1000;
  return { accessToken, account: accountOf(user), expiresOn: new Date(end) };
}

const interactionRequired = (cause?: unknown): BearerWorkerError =>
  new BearerWorkerError("interaction_required", "The user has to sign in or consent.", { cause });

/** The library's errors have messages and no codes. */
function rethrowPopupError(cause: unknown): never {
  const message = cause instanceof Error ? cause.message : "";
  if (message.includes("disposed window"))
    throw new BearerWorkerError("popup_blocked", "The browser blocked the sign-in popup.", { cause });
  if (message.includes("closed"))
    throw new BearerWorkerError("popup_closed", "The user closed the sign-in popup.", { cause });
  throw new BearerWorkerError("interaction_failed", "The popup did not sign the user in.", { cause });
}
