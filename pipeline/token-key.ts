import type { SignedIn } from "../protocol/page-account.ts";
import type { ResourceMatch } from "../protocol/resource-matcher.ts";

/** The key under which a token is kept: account, scopes and type, and where tokens differ by resource, the key of the map. */
export const tokenKey = ({ id, perResource }: SignedIn, { key, scopes, tokenType }: ResourceMatch): string =>
  JSON.stringify([id, scopes, perResource ? key : null, ...(tokenType ? [tokenType] : [])]);
