import { OPENID_SCOPES } from "./api-scopes.ts";

/** The API scopes that each account has consented to. */
export interface Consents {
  /** The scopes of a space-separated list that the account has not consented to yet. */
  missing(accountId: string, scope: string): string[];
  add(accountId: string, scope: string): void;
  clear(): void;
}

export function createConsents(): Consents {
  const given = new Map<string, Set<string>>();

  return {
    missing(accountId, scope) {
      const consented = given.get(accountId);
      return apiScopesIn(scope).filter((name) => !consented?.has(name));
    },
    add(accountId, scope) {
      given.set(accountId, new Set([...(given.get(accountId) ?? []), ...apiScopesIn(scope)]));
    },
    clear: () => given.clear(),
  };
}

function apiScopesIn(scope: string): string[] {
  return scope.split(" ").filter((name) => name !== "" && !OPENID_SCOPES.includes(name));
}
