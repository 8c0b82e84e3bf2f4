import { BearerWorkerError } from "../protocol/errors.ts";
import type { ProtectedResourceMap } from "../protocol/resource-map.ts";
import type { DialogTexts } from "./interaction/dialog/dialog-texts.ts";
import type { InteractionMode } from "./interaction/interaction-request.ts";
import type { MsalOptions } from "./msal-token-source.ts";

/** Options of `attachTokens` that do not depend on the identity library. */
export interface AttachOptions {
  /** Protected resources and their scopes, as in msal-angular. Relative keys count from the document. */
  protectedResourceMap: ProtectedResourceMap;
  /**
   * The worker's script, which is registered here. Default: `"/bearer-sw.js"`. A site with a worker of its own that calls
   * `registerTokenRoute` gives its registration instead.
   */
  serviceWorker?: string | URL | ServiceWorkerRegistration;
  /** The worker's scope. Default: the directory of its script. */
  scope?: string;
  /**
   * What happens when the user has to act. `"prompt"` (default): a popup while the click that led to the request still
   * counts, else a dialog that offers it. `"popup"` and `"redirect"` go straight there, `"none"` does nothing.
   */
  interaction?: InteractionMode;
  /**
   * What happens where there are no service workers. `"none"` (default): `attachTokens` rejects. `"fetch"`: calls of the
   * page's `fetch` get their tokens in the page, and nothing else does.
   */
  fallback?: "none" | "fetch";
  /**
   * The dialog's texts, or a function that gives them each time it is shown. Those left out are in the language of
   * `<html lang>` where the dialog speaks it, else in English. Its colours are CSS custom properties of the page.
   */
  dialog?: Partial<DialogTexts> | (() => Partial<DialogTexts>);
  /** Whether same-origin navigations to protected resources get a token, too. Default: false. */
  navigations?: boolean;
  /**
   * What happens to requests while nobody is signed in. `"bare"` (default): they go out as the page made them. `"sso"`:
   * one silent try to sign in with the provider's session. `"interact"`: the user is asked to sign in.
   */
  whenSignedOut?: "bare" | "sso" | "interact";
  /** How long a request waits for the user, in milliseconds. Default: 4 minutes. */
  interactionTimeout?: number;
}

export type Settings = Required<Omit<AttachOptions, "scope">> & Pick<AttachOptions, "scope"> & MsalOptions;

/** What each option may be: one of several words, or, behind a colon, what `typeof` says of it. */
const OPTIONS: Readonly<Record<string, string>> = {
  protectedResourceMap: ":object",
  serviceWorker: ":string :object",
  scope: ":string :undefined",
  interaction: "prompt popup redirect none :function",
  fallback: "none fetch",
  dialog: ":object :function",
  navigations: ":boolean",
  whenSignedOut: "bare sso interact",
  interactionTimeout: ":number",
  authRequest: ":object :function :undefined",
  account: ":function :undefined",
};

/**
 * Checks options and fills in defaults. What the map says is checked apart.
 *
 * @throws BearerWorkerError `invalid_options`
 */
export function readOptions(options: AttachOptions): Settings {
  const defaults: { readonly [Name in keyof Settings]: Settings[Name] | null } = {
    protectedResourceMap: null,
    serviceWorker: "/bearer-sw.js",
    interaction: "prompt",
    fallback: "none",
    dialog: {},
    navigations: false,
    whenSignedOut: "bare",
    interactionTimeout: 240_000,
  };
  // Read once, for getters could say something else the next time; and without a prototype that lends options.
  const settings = { __proto__: null, ...defaults, ...options } as Settings;
  for (const [name, value] of Object.entries(settings)) {
    const expected = Object.hasOwn(OPTIONS, name) ? OPTIONS[name]?.split(" ") : undefined;
    if (value !== null && (expected?.includes(`:${typeof value}`) || expected?.includes(value as string)))
      continue;
    throw new BearerWorkerError(
      "invalid_options",
      `The option "${name}" is none of ${(expected ?? Object.keys(OPTIONS)).join(", ")}`,
    );
  }
  return settings;
}
