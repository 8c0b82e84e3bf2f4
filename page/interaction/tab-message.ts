import type { Challenge, TokenRequest } from "../token-source.ts";

/** A message between the pages of one app. On its way it carries `VERSION` in a field `version`. */
export type TabMessage =
  /** The user acted in a tab. The other tabs may now get their tokens silently. */
  | { readonly type: "acted" }
  /** The user declined in a tab. The other tabs of the same account do not ask either. */
  | { readonly type: "declined"; readonly account: string | null }
  /** A hidden tab needs the user. A visible tab of the same account asks for it. */
  | { readonly type: "needed"; readonly account: string | null; readonly request: TokenRequest }
  /** The user sees this tab now. Hidden tabs repeat their need. */
  | { readonly type: "seen" };

/** Changes with every change to `TabMessage` that an older page would misread. */
export const VERSION = 1;

/**
 * Reads a message of another tab. Any script of the origin can send one, so every field is checked, and no other field
 * is kept.
 *
 * @returns `null` for a malformed message, and for one of another version
 */
export function readTabMessage(data: unknown): TabMessage | null {
  const { version, type, account, request } = fieldsOf(data);
  if (version !== VERSION) return null;
  switch (type) {
    case "acted":
    case "seen":
      return { type };
    case "declined":
      return isAccount(account) ? { type, account } : null;
    case "needed": {
      const asked = readRequest(request);
      return asked && isAccount(account) ? { type, account, request: asked } : null;
    }
    default:
      return null;
  }
}

function readRequest(data: unknown): TokenRequest | null {
  const { scopes, url, method, forceRefresh, challenge, unanswered } = fieldsOf(data);
  const asked = readChallenge(challenge);
  if (!Array.isArray(scopes) || !scopes.every(isString)) return null;
  if (!isString(url) || !isString(method)) return null;
  if (typeof forceRefresh !== "boolean" || typeof unanswered !== "number" || !asked) return null;
  return { scopes, url, method, forceRefresh, challenge: asked, unanswered };
}

function readChallenge(data: unknown): Challenge | null {
  if (typeof data !== "object" || data === null) return null;
  const { claims, acrValues, maxAge } = fieldsOf(data);
  if (![claims, acrValues, maxAge].every((field) => field === undefined || isString(field))) return null;
  return {
    ...(isString(claims) && { claims }),
    ...(isString(acrValues) && { acrValues }),
    ...(isString(maxAge) && { maxAge }),
  };
}

/** The fields of an object. A value of another type has none of them. */
const fieldsOf = (data: unknown): Readonly<Record<string, unknown>> =>
  Object(data) as Record<string, unknown>;

const isString = (value: unknown): value is string => typeof value === "string";

const isAccount = (value: unknown): value is string | null => value === null || isString(value);
