import type { BearerWorkerErrorCode } from "../../protocol/errors.ts";
import type { AccessToken, TokenRequest } from "../token-source.ts";

/** How the user is brought to act when a token cannot be acquired silently. */
export type InteractionMode = "prompt" | "popup" | "redirect" | "none" | InteractionFunction;

/** A question to the user: a token cannot be acquired without them. The built-in dialog uses nothing else. */
export interface InteractionRequest {
  /** The key of the `protectedResourceMap` that matched. */
  readonly resource: string;
  readonly scopes: readonly string[];
  /**
   * Why the user has to act. `"challenged"`: the resource server wants another proof, such as a second factor.
   * `"signed-out"`: nobody is signed in. `"consent"`: the user has not consented to the scopes yet.
   */
  readonly reason: "session-ended" | "challenged" | "signed-out" | "consent";
  /** Why the last popup for this request failed, such as `"popup_closed"`. */
  readonly trouble: BearerWorkerErrorCode | null;
  /**
   * Aborts when the question is over: the user signed in, here or in another tab, or declined. It aborts as well when
   * the page is hidden, since a visible tab may ask then. The page asks anew when the user comes back to it.
   */
  readonly signal: AbortSignal;
  /**
   * Signs the user in by popup. Call it within a click. While the popup is open, a further call brings it to the front.
   *
   * @throws BearerWorkerError `popup_blocked`, `popup_closed` or `interaction_failed`: the user may try again
   */
  readonly popup: () => Promise<void>;
  /** Whether the popup is open. False where the page cannot tell. */
  readonly isPopupOpen: () => boolean;
  /** Leaves the page for the identity provider, which brings the user back to this URL. */
  readonly redirect: () => Promise<void>;
  /** The user does not want to sign in: the waiting requests go out without a token, and the user is not asked again. */
  readonly decline: () => void;
}

/**
 * Brings the user to act, and may take as long as it wants: only the calls of `popup`, `redirect` and `decline` count.
 * A function that has signed the user in by itself returns `true`; `false` declines. If it throws, signing in has failed.
 */
export type InteractionFunction = (request: InteractionRequest) => boolean | void | Promise<boolean | void>;

/** Brings the user to act when a token cannot be acquired silently. */
export interface Interaction {
  /**
   * Asks the user. Requests that need the user at the same time share one interaction.
   *
   * @param resource the key of the `protectedResourceMap` that matched
   * @param error the reason why the token could not be acquired silently
   * @returns the token, or `null` when it should be acquired silently now
   * @throws BearerWorkerError when the user cannot be asked, or refused. A refusal stands until the user acts.
   */
  readonly run: (request: TokenRequest, resource: string, error?: unknown) => Promise<AccessToken | null>;
  /**
   * Asks the user at their own wish, for the map's first protected resource. An earlier refusal does not count.
   *
   * @throws BearerWorkerError as `run` does
   */
  signIn(): Promise<void>;
  /** The user signed in by other means: refusals do not count, and an open question ends once no token came of it. */
  readonly forgive: () => void;
  /** The page has an account where it had none: the same, and other tabs are told nothing. */
  readonly accountCame: () => void;
  /** The user signed out, or switched accounts: refusals do not count, and an open question ends at once. */
  readonly accountLeft: () => void;
  /** The page could not leave for a redirect: requests need not wait for it to be gone. */
  readonly stayed: () => void;
}
