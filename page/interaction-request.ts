import type { BearerWorkerErrorCode } from "../protocol/errors.ts";

/** A question to the user: a token cannot be had without them. The built-in dialog works with nothing else. */
export interface InteractionRequest {
  /** The key of the `protectedResourceMap` that matched. */
  readonly resource: string;
  readonly scopes: readonly string[];
  /** Why the last popup for this need came to nothing, such as `"popup_closed"`. */
  readonly trouble: BearerWorkerErrorCode | null;
  /**
   * Aborts when there is nothing to ask any more: the user signed in, here or in another tab, or declined. A page that
   * is hidden asks no more, either, since another one may; it asks anew when the user comes back to it.
   */
  readonly signal: AbortSignal;
  /**
   * Signs the user in by popup. Call it within a click.
   *
   * @throws BearerWorkerError `popup_blocked`, `popup_closed` or `interaction_failed`: the user may try again
   */
  readonly popup: () => Promise<void>;
  /** Leaves the page for the identity provider, which brings the user back to this URL. */
  readonly redirect: () => Promise<void>;
  /** The user does not want to sign in: the waiting requests go out without a token, and nobody asks again. */
  readonly decline: () => void;
}

/**
 * Brings the user to act, and may take as long as it wants: what counts is what is called meanwhile. One that returns
 * `true` has signed the user in by itself; `false` declines. If it throws, signing in has failed.
 */
export type InteractionFunction = (request: InteractionRequest) => boolean | void | Promise<boolean | void>;
