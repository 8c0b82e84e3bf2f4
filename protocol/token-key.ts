import type { ResourceMatch } from "./resource-matcher.ts";

/**
 * How an account's name begins when its tokens differ by resource, and not only by scopes: the worker then keeps those of
 * each key of the map apart.
 */
export const PER_RESOURCE = "*";

/** What a token is kept by: account and scopes, and where they do not suffice, the key of the map. */
export const tokenKey = (account: string, { key, scopes }: ResourceMatch): string =>
  `${account} ${scopes.join(" ")} ${account.startsWith(PER_RESOURCE) && key}`;
