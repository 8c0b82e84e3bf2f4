import { type AccessToken, BearerWorkerError, type TokenSource } from "bearer-worker";
import type Keycloak from "keycloak-js";

/** Options of `keycloakTokenSource`. */
export interface KeycloakTokenSourceOptions {
  /** The page that `init` was given as `silentCheckSsoRedirectUri`, if there is one. It gets no token. */
  readonly silentCheckSsoRedirectUri?: string;
}

/** Seconds that a token has to be valid for, still. */
const LEAST_VALIDITY = 5;
/** How long a token counts as valid if it does not say how long it is, in milliseconds. */
const UNKNOWN_LIFETIME = 300_000;

/** How long a page may take to leave for the provider, in milliseconds. */
const LEAVING = 10_000;

type Listener = (change: "account" | "interaction") => void;

/**
 * Makes Keycloak's adapter a source of access tokens. The adapter keeps one token, which has the scopes that `init` asked for
 * and goes to every resource of the map. It knows redirects and no popups, so the user leaves the page to sign in.
 *
 * @param keycloak an adapter whose `init` has resolved
 * @throws BearerWorkerError `invalid_options` if the adapter is not initialized, or if its tokens do not name the user
 */
export function keycloakTokenSource(
  keycloak: Keycloak,
  { silentCheckSsoRedirectUri }: KeycloakTokenSourceOptions = {},
): TokenSource {
  const { endpoints } = keycloak as Keycloak & Partial<WithEndpoints>;
  if (!endpoints) {
    throw new BearerWorkerError(
      "invalid_options",
      "The Keycloak adapter is not initialized. Call keycloakTokenSource after its init() has resolved.",
    );
  }
  if (keycloak.token !== undefined && accountOf(keycloak) === null) throw namesNobody();
  const listeners = new Set<Listener>();
  const tell = (change: "account" | "interaction"): void => listeners.forEach((listener) => listener(change));
  /** The account whose session the provider has ended, until the user signs in or out. The adapter forgets it at once. */
  let ended: string | null = null;
  let refreshes = 0;
  let isSignedOut = false;
  const signOut = (): void => {
    ended = null;
    isSignedOut = true;
    tell("account");
  };
  hear(keycloak, "onAuthSuccess", () => {
    ended = null;
    isSignedOut = false;
    tell("interaction");
  });
  hear(keycloak, "onAuthLogout", () => {
    if (refreshes === 0) return signOut();
    // A refused refresh is over within this task. Otherwise the adapter has seen that the user signed out elsewhere.
    setTimeout(() => {
      if (!keycloak.token && ended === null) signOut();
    });
  });

  /** @returns whether the token is a new one */
  const refresh = async (seconds: number): Promise<boolean> => {
    const account = accountOf(keycloak);
    refreshes += 1;
    isSignedOut = false;
    try {
      return await keycloak.updateToken(seconds);
    } catch (error) {
      // The adapter drops its tokens when the provider refuses the refresh token, and keeps them in most other troubles.
      if (keycloak.token) throw error;
      if (isRefusal(error) && !isSignedOut) ended = account;
      throw interactionRequired(error);
    } finally {
      refreshes -= 1;
    }
  };

  return {
    providerOrigins: originsOf(endpoints),
    redirectPages: silentCheckSsoRedirectUri === undefined ? [] : [silentCheckSsoRedirectUri],
    account: () => accountOf(keycloak) ?? ended,
    ready: () => Promise.resolve(),

    async acquireSilent({ forceRefresh, challenge }) {
      // A challenge for the user's sign-in needs interaction.
      if (Object.keys(challenge).length > 0 || !keycloak.token) throw interactionRequired();
      if (!keycloak.refreshToken) {
        if (forceRefresh || endOf(keycloak) <= Date.now()) throw interactionRequired();
        return { ...tokenOf(keycloak), fromCache: true };
      }
      const isRefreshed = await refresh(forceRefresh ? -1 : LEAST_VALIDITY);
      return { ...tokenOf(keycloak), fromCache: !isRefreshed };
    },

    async acquireInteractive({ challenge: { claims, acrValues, maxAge } }, by, settled) {
      const url = new URL(
        await keycloak.createLoginUrl({
          ...(acrValues && { acrValues }),
          ...(maxAge && { maxAge: Number(maxAge) }),
        }),
      );
      if (claims) url.searchParams.set("claims", claims);
      if (by === "popup" && navigator.userActivation?.isActive === false) throw needsClick();
      location.assign(url);
      if (by === "redirect") return null;
      // The page is leaving. A result would let a dialog flash up. A user may stay, and no browser tells the page so.
      return await new Promise<null>((resolve, reject) => {
        const stay = setTimeout(() => reject(hasStayed()), LEAVING);
        settled.addEventListener("abort", () => {
          clearTimeout(stay);
          resolve(null);
        });
      });
    },

    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** A public member of the adapter that its declarations leave out. */
interface WithEndpoints {
  readonly endpoints: { readonly authorize: () => string; readonly token: () => string };
}

const originsOf = ({ authorize, token }: WithEndpoints["endpoints"]): string[] => [
  ...new Set([authorize(), token()].map((url) => new URL(url, location.href).origin)),
];

/** The adapter calls one function for each event, which belongs to the site and may be set at any time. */
function hear(keycloak: Keycloak, event: "onAuthSuccess" | "onAuthLogout", listener: () => void): void {
  let ofSite = keycloak[event];
  Object.defineProperty(keycloak, event, {
    configurable: true,
    enumerable: true,
    get: () => {
      // A site may put a function of its own around the one that it reads here.
      const earlier = ofSite;
      return (): void => {
        listener();
        earlier?.();
      };
    },
    set: (given: typeof ofSite) => {
      ofSite = given;
    },
  });
}

/** Whether the provider has refused the refresh token. */
const isRefusal = (error: unknown): boolean =>
  (error as { readonly response?: { readonly status?: unknown } } | null)?.response?.status === 400;

/**
 * The adapter reads the subject from the access token. Without Keycloak's client scope `basic` only the ID token has it. An
 * account has no space in its name, and a subject may.
 */
function accountOf({ subject, idTokenParsed }: Keycloak): string | null {
  const user = subject ?? idTokenParsed?.sub;
  return user === undefined ? null : encodeURIComponent(user);
}

/** In milliseconds of this machine's clock. */
const endOf = ({ tokenParsed, timeSkew }: Keycloak): number =>
  tokenParsed?.exp === undefined ? Date.now() + UNKNOWN_LIFETIME : (tokenParsed.exp + (timeSkew ?? 0)) * 1000;

function tokenOf(keycloak: Keycloak): AccessToken {
  const { token: accessToken } = keycloak;
  const account = accountOf(keycloak);
  if (accessToken === undefined) throw interactionRequired();
  if (account === null) throw namesNobody();
  return { accessToken, account, expiresOn: new Date(endOf(keycloak)) };
}

/** Signing in once more would give the same tokens. */
const namesNobody = (): BearerWorkerError =>
  new BearerWorkerError(
    "invalid_options",
    'Keycloak\'s tokens do not name their user: they lack the claim "sub". Add the client scope "basic" to the default client scopes of this client in Keycloak.',
  );

const needsClick = (): BearerWorkerError =>
  new BearerWorkerError(
    "popup_blocked",
    "Keycloak's adapter leaves the page to sign the user in, and does so in place of a popup within a click alone.",
  );

const hasStayed = (): BearerWorkerError =>
  new BearerWorkerError(
    "interaction_failed",
    `The page has not left for Keycloak within ${LEAVING / 1_000} seconds. Call \`signIn()\` of the attachment in a click to try again.`,
  );

const interactionRequired = (cause?: unknown): BearerWorkerError =>
  new BearerWorkerError("interaction_required", "The user has to sign in.", { cause });
