import { BearerWorkerError, type BearerWorkerErrorCode } from "../protocol/errors.ts";
import type { ResourceEntry } from "../protocol/resource-map.ts";
import type { ResourceMatcher } from "../protocol/resource-matcher.ts";
import { askUser, type Outcome } from "./ask-user.ts";
import { interactionFunction } from "./interaction-modes.ts";
import type { Settings } from "./options.ts";
import { connectTabs, type TabMessage } from "./other-tabs.ts";
import type { AccessToken, TokenRequest, TokenSource } from "./token-source.ts";
import { isVisible, visible } from "./visibility.ts";

/** Brings the user to act when a token cannot be had silently. */
export interface Interaction {
  /**
   * Requests that need it at the same time share one interaction.
   *
   * @param resource the key of the `protectedResourceMap` that matched
   * @returns the token, or `null` when it should be acquired silently now
   * @throws BearerWorkerError when the user cannot be asked, or refused. A refusal stands.
   */
  run(request: TokenRequest, resource: string): Promise<AccessToken | null>;
  /**
   * Asks the user at their own wish, for the map's first protected resource. A refusal does not stand in the way.
   *
   * @throws BearerWorkerError as `run` does
   */
  signIn(): Promise<void>;
  /** The user acted by themselves, or is another one: they may be asked again, and a dialog has no more to ask. */
  forgive(): void;
}

/** How long a page that leaves for the provider takes at most. */
const LEAVING = 10_000;

/** One interaction at a time across all tabs of the origin. */
const LOCK = "bearer-worker";

/**
 * @param hasActed is called when the user did, here or elsewhere: what failed before may do now
 * @param stopped aborts when the page needs no tokens any more
 */
export function createInteraction(
  source: TokenSource,
  { interaction, dialog, protectedResourceMap: map }: Settings,
  entries: readonly ResourceEntry[],
  match: ResourceMatcher,
  hasActed: () => void,
  stopped: AbortSignal,
): Interaction {
  const ask = interactionFunction(interaction, dialog);
  /** A popup needs a click in the tab that asks, and a redirect takes that tab away: neither is done for another tab. */
  const asksForOthers = interaction === "prompt" || ask === interaction;
  let current: Promise<AccessToken | null> | null = null;
  let refusal: BearerWorkerError | null = null;
  /** Aborts when the user acted, here or elsewhere, and is replaced then. */
  let news = new AbortController();
  /** What this page, which is hidden, needs the user for. */
  let needed: TabMessage | null = null;

  const spread = (): void => {
    hasActed();
    news.abort();
    news = new AbortController();
  };

  const acquire = async (
    request: TokenRequest,
    by: "popup" | "redirect",
    over: AbortSignal,
  ): Promise<AccessToken> => {
    const settled = new AbortController();
    try {
      const token = await source.acquireInteractive(request, by, AbortSignal.any([over, settled.signal]));
      if (token) return token;
      // The requests that wait end, and those that follow.
      throw new BearerWorkerError("redirecting", "The page is leaving to sign in");
    } catch (cause) {
      throw report(cause);
    } finally {
      settled.abort();
    }
  };

  /** Asks while the user sees this page and no other asks. Whoever had to wait may find the work done. */
  const takeTurn = async (request: TokenRequest, resource: string): Promise<AccessToken | null> => {
    const { scopes } = request;
    let acted = news.signal;
    let trouble: BearerWorkerErrorCode | null = null;
    const ofThis = (by: "popup" | "redirect", over: AbortSignal): Promise<AccessToken> =>
      acquire(request, by, over).catch((error: BearerWorkerError) => {
        trouble = error.code;
        throw error;
      });
    const askNow = (): Promise<Outcome | null> => askUser(ask, { resource, scopes, trouble }, ofThis, acted);

    for (;;) {
      const outcome = isVisible()
        ? await navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => lock && askNow())
        : null;
      if (outcome) {
        hasActed();
        tabs.tell({ type: "acted" });
        return outcome.token;
      }

      if (!isVisible()) {
        needed = { type: "needed", account: source.account(), request, resource };
        tabs.tell(needed);
        await visible(acted);
        needed = null;
      }
      await navigator.locks.request(LOCK, { signal: acted }, () => undefined).catch(() => undefined);
      acted = news.signal;
      if (stopped.aborted) throw new BearerWorkerError("interaction_disabled", "The page has detached");
      if (refusal) throw refusal;
      try {
        return await source.acquireSilent(request);
      } catch (error) {
        if (report(error).code !== "interaction_required") throw error;
      }
    }
  };

  const interact = async (request: TokenRequest, resource: string): Promise<AccessToken | null> => {
    try {
      return await takeTurn(request, resource);
    } catch (cause) {
      const error = report(cause);
      // A popup that was blocked may open after the next click. Whatever else the user or provider said, stands.
      if (error.code !== "popup_blocked") refusal = error;
      if (error.code === "interaction_declined") tabs.tell({ type: "declined", account: source.account() });
      // A page that is still here has not left, for whatever reason.
      if (error.code === "redirecting") setTimeout(() => (refusal = null), LEAVING);
      throw error;
    } finally {
      current = null;
    }
  };

  const run = async (request: TokenRequest, resource: string): Promise<AccessToken | null> => {
    if (refusal) throw refusal;
    if (current) {
      await current;
      return null;
    }
    current = interact(request, resource);
    return await current;
  };

  // Two apps of one origin have nothing to tell each other: those that sign in elsewhere, or protect something else.
  const keys = map instanceof Map ? [...map.keys()] : Object.keys(map);
  const app = [...source.providerOrigins, ...source.redirectPages, ...keys].join(" ");
  const tabs = connectTabs(app, stopped, (message) => {
    switch (message.type) {
      case "acted":
        refusal = null;
        return spread();
      case "declined":
        if (message.account !== source.account()) return;
        refusal = new BearerWorkerError("interaction_declined", "The user declined in another tab");
        return spread();
      case "needed":
        if (!asksForOthers || !isVisible() || message.account !== source.account()) return;
        // Any script of the origin can speak here: the user is asked for what this page's own map protects.
        if (isProtected(Object(message.request)))
          run(message.request, message.resource).catch(() => undefined);
        return;
      case "seen":
        if (needed) tabs.tell(needed);
    }
  });
  const isProtected = ({ url, method, scopes }: TokenRequest): boolean => {
    try {
      const asked = match(new URL(url), method)?.scopes;
      return asked !== undefined && [...asked].sort().join(" ") === scopes.join(" ");
    } catch {
      return false;
    }
  };
  stopped.addEventListener("abort", spread);

  return {
    run,
    async signIn() {
      refusal = null;
      for (const { key, method, scopes } of entries) {
        if (!scopes?.length) continue;
        const request = { scopes: [...scopes].sort(), url: key, method: method || "GET" };
        await run({ ...request, forceRefresh: false, challenge: {}, unanswered: 0 }, key);
        return;
      }
    },
    forgive() {
      refusal = null;
      hasActed();
      // After the popup's own result, which this event precedes.
      setTimeout(() => {
        spread();
        tabs.tell({ type: "acted" });
      });
    },
  };
}

const report = (cause: unknown): BearerWorkerError =>
  cause instanceof BearerWorkerError
    ? cause
    : new BearerWorkerError("interaction_failed", "Signing in again failed", { cause });
