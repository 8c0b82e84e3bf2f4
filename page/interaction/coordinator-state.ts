import type { BearerWorkerError, BearerWorkerErrorCode } from "../../protocol/errors.ts";
import type { AccessToken, TokenRequest } from "../token-source.ts";

/** The request that began an interaction. */
export interface Need {
  readonly request: TokenRequest;
  /** The key of the `protectedResourceMap` that matched. */
  readonly resource: string;
  /** Why the last popup for this need failed. */
  readonly trouble: BearerWorkerErrorCode | null;
  /** Whether the provider wants the user's consent, as far as it has said so. */
  readonly consent: boolean;
}

/** An interaction that has begun and not ended. At most one at a time in a page. */
export type UnderWay =
  /**
   * The page does not ask now. `yield`: another tab asks, or the user does not see this page. `retry`: the user may have
   * acted, so the token is acquired silently once more.
   */
  | { readonly type: "waiting"; readonly step: "yield" | "retry"; readonly need: Need }
  /** The page asks the user, if it can take the lock of the app. */
  | { readonly type: "asking"; readonly need: Need };

export type InteractionState =
  | { readonly type: "idle" }
  | UnderWay
  /** The user declined, or signing in failed. New requests fail with `error` until the user acts. */
  | { readonly type: "refused"; readonly error: BearerWorkerError }
  /** The page is leaving for the identity provider. A page that is still there at `until` has not left. */
  | { readonly type: "leaving"; readonly error: BearerWorkerError; readonly until: number }
  /** The page has detached. No event leads out of this state. */
  | { readonly type: "stopped"; readonly error: BearerWorkerError };

/** `at` is in milliseconds of `Clock.elapsed`. */
export type InteractionEvent =
  /** A request cannot get its token without the user. */
  | { readonly type: "requested"; readonly need: Need; readonly at: number }
  /** A hidden tab cannot get its token without the user. This tab may have one. */
  | { readonly type: "needed"; readonly need: Need; readonly at: number }
  /** Another tab has the lock, or the user does not see this page. */
  | { readonly type: "taken" }
  /** The user sees this page, and the lock is free. */
  | { readonly type: "free" }
  /** The token still cannot be acquired silently. */
  | { readonly type: "required"; readonly consent: boolean }
  /** The user has left this page while it asked. */
  | { readonly type: "withdrawn"; readonly trouble: BearerWorkerErrorCode | null }
  /** The interaction has succeeded. Without a token here, every request acquires its own silently. */
  | { readonly type: "acquired"; readonly token: AccessToken | null }
  /** The silent acquisition failed, and the user cannot help. */
  | { readonly type: "unavailable"; readonly error: unknown }
  /** Asking the user failed, or the user declined. */
  | { readonly type: "failed"; readonly error: BearerWorkerError; readonly at: number }
  /** The user signed in: in another tab, or by the site's own button. */
  | { readonly type: "acted" }
  /** The user declined in another tab. */
  | { readonly type: "declined"; readonly error: BearerWorkerError }
  /** Earlier refusals do not count any more. An interaction under way goes on. */
  | { readonly type: "forgiven" }
  /** The user has signed out, or has switched accounts. Requests start over, and earlier refusals do not count any more. */
  | { readonly type: "account-left" }
  /** The page could not leave for the identity provider. */
  | { readonly type: "stayed" }
  /** The page has detached. */
  | { readonly type: "stopped"; readonly error: BearerWorkerError };

export const IDLE: InteractionState = { type: "idle" };

/** How long a page may take to leave for the identity provider, in milliseconds. */
export const LEAVING = 10_000;

export const isUnderWay = (state: InteractionState): state is UnderWay =>
  state.type === "waiting" || state.type === "asking";

/**
 * The state that follows. A new object means that the earlier state has ended, with everything that belongs to it, even
 * where the type is the same. An event that changes nothing gives the very same object.
 */
export function transition(state: InteractionState, event: InteractionEvent): InteractionState {
  if (state.type === "stopped") return state;
  switch (event.type) {
    case "requested":
      return isFree(state, event.at) ? { type: "asking", need: event.need } : state;
    case "needed":
      return isFree(state, event.at) ? { type: "waiting", step: "retry", need: event.need } : state;
    case "taken":
      return state.type === "asking" ? { type: "waiting", step: "yield", need: state.need } : state;
    case "free":
      return isAt(state, "yield") ? { ...state, step: "retry" } : state;
    case "required":
      if (!isAt(state, "retry")) return state;
      return { type: "asking", need: { ...state.need, consent: event.consent } };
    case "withdrawn": {
      if (state.type !== "asking") return state;
      return { type: "waiting", step: "yield", need: { ...state.need, trouble: event.trouble } };
    }
    case "acquired":
      return state.type === "asking" || isAt(state, "retry") ? IDLE : state;
    case "unavailable":
      return isAt(state, "retry") ? IDLE : state;
    case "failed":
      return isUnderWay(state) ? afterFailure(event.error, event.at) : state;
    case "acted":
      return isUnderWay(state) ? { type: "waiting", step: "retry", need: state.need } : IDLE;
    case "declined":
      return { type: "refused", error: event.error };
    case "forgiven":
      return isUnderWay(state) ? state : IDLE;
    case "account-left":
      return IDLE;
    case "stayed":
      return state.type === "leaving" ? IDLE : state;
    case "stopped":
      return { type: "stopped", error: event.error };
    default:
      return event satisfies never;
  }
}

const isFree = (state: InteractionState, at: number): boolean =>
  state.type === "idle" || (state.type === "leaving" && at >= state.until);

/** A page that does not ask the user now. */
export type WaitingState = Extract<UnderWay, { type: "waiting" }>;

const isAt = (state: InteractionState, step: WaitingState["step"]): state is WaitingState =>
  state.type === "waiting" && state.step === step;

/** A blocked popup may open after the user's next click, so that failure does not stand. */
function afterFailure(error: BearerWorkerError, at: number): InteractionState {
  if (error.code === "popup_blocked") return IDLE;
  if (error.code === "redirecting") return { type: "leaving", error, until: at + LEAVING };
  return { type: "refused", error };
}
