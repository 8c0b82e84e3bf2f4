/** A protected resource, as all pages of one app know it. */
export interface ResourceName {
  /** The key of the `protectedResourceMap`. */
  readonly key: string;
  /** The request's method. */
  readonly method: string;
}

/**
 * A message between the pages of one app. It names a resource by its key, since a URL and a challenge may hold secrets. On its way it carries `VERSION` in a field `version`.
 */
export type TabMessage =
  /** The user acted in a tab. The other tabs may now get their tokens silently. */
  | { readonly type: "acted" }
  /** The user declined in a tab. The other tabs of the same account do not ask either. */
  | { readonly type: "declined"; readonly account: string | null }
  /** A hidden tab needs the user. A visible tab of the same account asks, if it needs the user, too. */
  | ({ readonly type: "needed"; readonly account: string | null } & ResourceName)
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
  const { version, type, account, key, method } = fieldsOf(data);
  if (version !== VERSION) return null;
  switch (type) {
    case "acted":
    case "seen":
      return { type };
    case "declined":
      return isAccount(account) ? { type, account } : null;
    case "needed":
      return isAccount(account) && isString(key) && isString(method) ? { type, account, key, method } : null;
    default:
      return null;
  }
}

/** The fields of an object. A value of another type has none of them. */
const fieldsOf = (data: unknown): Readonly<Record<string, unknown>> =>
  Object(data) as Record<string, unknown>;

const isString = (value: unknown): value is string => typeof value === "string";

const isAccount = (value: unknown): value is string | null => value === null || isString(value);
