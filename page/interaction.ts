import { BearerWorkerError, type BearerWorkerErrorCode } from "../protocol/errors.ts";
import { showDialog } from "./dialog.ts";
import type { InteractionMode } from "./options.ts";
import type { AccessToken, TokenRequest, TokenSource } from "./token-source.ts";

/** What an `interaction` function of the app's own works with. */
export interface InteractionRequest {
  readonly scopes: readonly string[];
  /** Signs the user in by popup. Call it within a click. */
  popup(): Promise<void>;
  /** Leaves the page for the identity provider. */
  redirect(): Promise<void>;
}

/** Brings the user to act, and tells whether they did: `false` lets the waiting requests go out without a token. */
export type InteractionFunction = (request: InteractionRequest) => boolean | Promise<boolean>;

/** Brings the user to act when a token cannot be had silently. */
export interface Interaction {
  /**
   * Requests that need it at the same time share one interaction.
   *
   * @returns the token, or `null` when it should be acquired silently now
   * @throws BearerWorkerError when the user cannot be asked, or refused. A refusal stands.
   */
  run(request: TokenRequest): Promise<AccessToken | null>;
  /** The user acted by themselves, or is another one: they may be asked again, and a dialog has no more to ask. */
  forgive(): void;
}

/** How long a page that leaves for the provider takes at most. */
const LEAVING = 10_000;

/** One interaction at a time across all tabs of the origin. */
const LOCK = "bearer-worker";

export function createInteraction(source: TokenSource, mode: InteractionMode): Interaction {
  let current: Promise<AccessToken | null> | null = null;
  let refusal: BearerWorkerError | null = null;
  let acted = new AbortController();

  const acquire = async (request: TokenRequest, by: "popup" | "redirect"): Promise<AccessToken> => {
    const settled = new AbortController();
    try {
      const token = await source.acquireInteractive(request, by, settled.signal);
      if (token) return token;
      // The requests that wait end, and those that follow.
      throw new BearerWorkerError("redirecting", "The page is leaving to sign in");
    } finally {
      settled.abort();
    }
  };

  const ask = async (request: TokenRequest): Promise<AccessToken | null> => {
    const popup = (): Promise<AccessToken> => acquire(request, "popup");
    const redirect = (): Promise<AccessToken> => acquire(request, "redirect");
    if (mode === "none") throw new BearerWorkerError("interaction_disabled", "The user has to sign in again");
    if (mode === "popup") return await popup();
    if (mode === "redirect") return await redirect();
    acted = new AbortController();
    const token =
      mode === "prompt" ? await prompt(popup, acted.signal) : await callApp(mode, request, popup, redirect);
    if (token === false)
      throw new BearerWorkerError("interaction_declined", "The user declined to sign in again");
    return token;
  };

  const askOnce = async (request: TokenRequest): Promise<AccessToken | null> => {
    try {
      return await ask(request);
    } catch (cause) {
      const error = report(cause);
      // A popup that was blocked may open after the next click. Whatever else the user or provider said, stands.
      if (error.code !== "popup_blocked") refusal = error;
      // A page that is still here has not left, for whatever reason.
      if (error.code === "redirecting") setTimeout(() => (refusal = null), LEAVING);
      throw error;
    }
  };

  /** Waits until the user sees this page and no other asks. Whoever had to wait may find the work done. */
  const takeTurn = async (request: TokenRequest): Promise<AccessToken | null> => {
    if (document.visibilityState === "visible") {
      const turn = await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) =>
        lock ? { token: await askOnce(request) } : null,
      );
      if (turn) return turn.token;
    }
    await visible();
    return await navigator.locks.request(LOCK, async () => {
      try {
        return await source.acquireSilent(request);
      } catch (error) {
        if (report(error).code === "interaction_required") return await askOnce(request);
        throw error;
      }
    });
  };

  const interact = async (request: TokenRequest): Promise<AccessToken | null> => {
    try {
      return await takeTurn(request);
    } finally {
      current = null;
    }
  };

  return {
    async run(request) {
      if (refusal) throw refusal;
      if (current) {
        await current;
        return null;
      }
      current = interact(request);
      return await current;
    },
    forgive() {
      refusal = null;
      // After the popup's own result, which this event precedes.
      setTimeout(() => acted.abort());
    },
  };
}

/** The popup opens at once while the click that led here still counts; else a dialog offers the button. */
async function prompt(
  popup: () => Promise<AccessToken>,
  acted: AbortSignal,
): Promise<AccessToken | null | false> {
  let trouble: BearerWorkerErrorCode | null = null;
  if (navigator.userActivation?.isActive) {
    try {
      return await popup();
    } catch (error) {
      trouble = report(error).code;
    }
  }
  return await showDialog(popup, trouble, acted);
}

async function callApp(
  interaction: InteractionFunction,
  { scopes }: TokenRequest,
  popup: () => Promise<AccessToken>,
  redirect: () => Promise<unknown>,
): Promise<AccessToken | null | false> {
  let token: AccessToken | null = null;
  const acted = await interaction({
    scopes,
    popup: async () => void (token = await popup()),
    redirect: async () => void (await redirect()),
  });
  return acted ? token : false;
}

const report = (cause: unknown): BearerWorkerError =>
  cause instanceof BearerWorkerError
    ? cause
    : new BearerWorkerError("interaction_failed", "Signing in again failed", { cause });

const visible = (): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (document.visibilityState !== "visible") return;
      document.removeEventListener("visibilitychange", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    look();
  });
