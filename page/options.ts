import { BearerWorkerError } from "../protocol/errors.ts";
import type { ProtectedResourceMap } from "../protocol/resource-map.ts";
import type { DialogTexts } from "./interaction/dialog/dialog-texts.ts";
import type { InteractionMode } from "./interaction/interaction-request.ts";
import type { MsalOptions } from "./msal/options.ts";

/** Options of `attachTokens` that do not depend on the identity library. */
export interface AttachOptions {
  /** Protected resources and their scopes, as in msal-angular. Relative keys count from the document. */
  protectedResourceMap: ProtectedResourceMap;
  /**
   * The worker's script, which is registered here, as a classic script. Default: `"/bearer-sw.js"`. A site with a worker of
   * its own that calls `registerTokenRoute` gives its registration instead, or a promise of it such as
   * `navigator.serviceWorker.ready`, which has 10 seconds.
   */
  serviceWorker?: string | URL | ServiceWorkerRegistration | PromiseLike<ServiceWorkerRegistration>;
  /** The worker's scope. Default: the directory of its script. */
  scope?: string;
  /**
   * The way to bring the user to act. `"prompt"` (default): a popup while the click that led to the request still
   * counts, else a dialog that offers it. `"popup"` and `"redirect"` go straight there, `"none"` does nothing.
   */
  interaction?: InteractionMode;
  /**
   * The way without service workers, and beside a worker of another package. `"none"` (default): `attachTokens` rejects.
   * `"fetch"`: calls of the page's `fetch` and `XMLHttpRequest` get their tokens in the page, and nothing else does.
   */
  fallback?: "none" | "fetch";
  /**
   * The dialog's texts, or a function that gives them each time it is shown. Texts that are left out are in the language of
   * `<html lang>` if the dialog speaks it, else in English. Its colours are CSS custom properties of the page.
   */
  dialog?: Partial<DialogTexts> | (() => Partial<DialogTexts>);
  /**
   * Whether links to protected resources on the page's own origin get a token, too. Forms that post and frames never do.
   * Default: false; with a registration as `serviceWorker`, as that worker says.
   */
  navigations?: boolean;
  /**
   * The way of requests while no account is signed in. `"bare"` (default): they go out as the page made them. `"sso"`:
   * one silent try to sign in with the provider's session. `"interact"`: the user is asked to sign in.
   */
  whenSignedOut?: "bare" | "sso" | "interact";
  /** How long a request waits for the user, in milliseconds. Default: 4 minutes. */
  interactionTimeout?: number;
}

/** All options, with their defaults filled in. */
export type Settings = Required<Omit<AttachOptions, "scope" | "navigations">> &
  Pick<AttachOptions, "scope" | "navigations"> &
  MsalOptions;

export const isRegistration = (value: unknown): value is ServiceWorkerRegistration =>
  typeof ServiceWorkerRegistration === "function" && value instanceof ServiceWorkerRegistration;

export const isScriptUrl = (value: unknown): value is string | URL => isString(value) || value instanceof URL;

const isPromise = (value: unknown): boolean =>
  isObject(value) && isFunction((value as Partial<PromiseLike<unknown>>).then);

/** The values that an option takes. */
interface Rule {
  readonly accepts: (value: unknown) => boolean;
  /** Completes "It has to be …". */
  readonly expected: string;
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
const isFunction = (value: unknown): boolean => typeof value === "function";
const isString = (value: unknown): boolean => typeof value === "string";
const isUndefined = (value: unknown): boolean => value === undefined;
const wordsOf = (words: readonly string[]): string => `one of ${words.map((word) => `"${word}"`).join(", ")}`;
const oneOf = (...words: readonly string[]): Rule => ({
  accepts: (value) => words.includes(value as string),
  expected: wordsOf(words),
});
const MODES: readonly string[] = ["prompt", "popup", "redirect", "none"];

/** Browsers keep timers as signed 32-bit numbers. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;
/** The timeout of a request for a token is added to the time that the user may take. */
const LONGEST_INTERACTION = LONGEST_TIMEOUT - 60_000;

/** A function, so that bundlers can leave the rules out of pages that never attach. */
const optionRules = (): Readonly<Record<keyof Settings, Rule>> => ({
  protectedResourceMap: { accepts: isObject, expected: "an object or a Map of resources and their scopes" },
  serviceWorker: {
    accepts: (value) => isScriptUrl(value) || isRegistration(value) || isPromise(value),
    expected: "the URL of a script, a ServiceWorkerRegistration or a promise of one",
  },
  scope: { accepts: (value) => isString(value) || isUndefined(value), expected: "a URL" },
  interaction: {
    accepts: (value) => isFunction(value) || MODES.includes(value as string),
    expected: `${wordsOf(MODES)}, or a function`,
  },
  fallback: oneOf("none", "fetch"),
  dialog: {
    accepts: (value) => isObject(value) || isFunction(value),
    expected: "an object with texts or a function that gives one",
  },
  navigations: {
    accepts: (value) => typeof value === "boolean" || isUndefined(value),
    expected: "true or false",
  },
  whenSignedOut: oneOf("bare", "sso", "interact"),
  interactionTimeout: {
    accepts: (value) => typeof value === "number" && value > 0 && value <= LONGEST_INTERACTION,
    expected: `a number of milliseconds between 1 and ${LONGEST_INTERACTION}`,
  },
  authRequest: {
    accepts: (value) => isObject(value) || isFunction(value) || isUndefined(value),
    expected: "an object with fields for MSAL's requests or a function that gives one",
  },
  account: {
    accepts: (value) => isFunction(value) || isUndefined(value),
    expected: "a function that gives an MSAL account",
  },
});

/**
 * Checks options and fills in defaults. The map's keys and values are checked apart.
 *
 * @throws BearerWorkerError `invalid_options`
 */
export function readOptions(options: AttachOptions & MsalOptions): Settings {
  const defaults: Omit<Settings, "protectedResourceMap"> = {
    serviceWorker: "/bearer-sw.js",
    interaction: "prompt",
    fallback: "none",
    dialog: {},
    whenSignedOut: "bare",
    interactionTimeout: 240_000,
  };
  // Read once, since a getter could say something else the next time; and without a prototype that lends options.
  const given: Partial<Settings> = options;
  const settings = { __proto__: null, protectedResourceMap: undefined, ...defaults, ...given };
  const rules = optionRules();
  for (const [name, value] of Object.entries(settings)) {
    const rule = Object.hasOwn(rules, name) ? rules[name as keyof Settings] : null;
    if (!rule) {
      throw new BearerWorkerError(
        "invalid_options",
        `There is no option "${name}". The options are ${Object.keys(rules).join(", ")}.`,
      );
    }
    if (rule.accepts(value)) continue;
    throw new BearerWorkerError(
      "invalid_options",
      `The option "${name}" is ${described(value)}. It has to be ${rule.expected}.`,
    );
  }
  return settings as unknown as Settings;
}

/** A word or a number is shown. Anything longer may hold a secret. */
function described(value: unknown): string {
  if (value === null || ["undefined", "boolean", "number"].includes(typeof value)) return String(value);
  if (typeof value === "string" && /^[\w-]{0,30}$/.test(value)) return `"${value}"`;
  return typeof value === "object" ? "an object of another kind" : `a ${typeof value}`;
}
