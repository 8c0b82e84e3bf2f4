import type { SigninSilentArgs, User, UserManager } from "oidc-client-ts";

/**
 * Makes renewals by refresh token take turns, those of the library and of the site included, in all tabs. A provider that
 * rotates refresh tokens refuses one that comes twice, and may end the session for it. Sign-ins by hidden iframe send none,
 * and need no turn.
 *
 * @param known the user as this tab knows them
 * @returns whether a silent sign-in is under way, and a function that puts the library's own method back
 * @see https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2
 */
export function takeTurns(
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
export const isRenewed = (stored: User | null, known: User | null): stored is User =>
  stored !== null && !stored.expired && stored.access_token !== known?.access_token;
