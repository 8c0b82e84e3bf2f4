import type { Clock } from "../../pipeline/clock.ts";
import { Deferred } from "../../pipeline/deferred.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import type { ResourceEntry } from "../../protocol/resource-map.ts";
import type { TokenRequest, TokenSource } from "../token-source.ts";
import { ASKS_AGAIN, askUser, interactionError } from "./ask-user.ts";
import {
  IDLE,
  type InteractionEvent,
  type InteractionState,
  isUnderWay,
  type Need,
  transition,
  type UnderWay,
} from "./coordinator-state.ts";
import { browserEnvironment, type Environment } from "./environment.ts";
import type { Interaction, InteractionMode } from "./interaction-request.ts";
import { needsConsent } from "./needs-consent.ts";
import { type GivenTexts, interactionFunction, neverAsk } from "./prompt.ts";
import { Redirects } from "./redirects.ts";
import type { ResourceName } from "./tab-message.ts";
import { connectTabs } from "./tabs.ts";
import { waitForOthers } from "./waiting.ts";

/** A subset of the settings of the page. */
export interface InteractionSettings {
  readonly interaction: InteractionMode;
  readonly dialog: GivenTexts;
}

export interface InteractionDependencies {
  readonly source: TokenSource;
  readonly settings: InteractionSettings;
  readonly entries: readonly ResourceEntry[];
  /** Called when the user acted, here or in another tab: acquisitions that failed before may succeed now. */
  readonly hasActed: () => void;
  /** Aborts when the page needs no tokens any more. */
  readonly stopped: AbortSignal;
  readonly clock: Clock;
  readonly environment?: Environment;
}

/**
 * Allows one interaction at a time, in a tab that the user sees, across all tabs of the app.
 *
 * `transition` decides on the next state. `askUser` and `waitForOthers` do the work of a state, and its outcome is the next event.
 */
export function createInteraction({
  source,
  settings: { interaction, dialog },
  entries,
  hasActed,
  stopped,
  clock,
  environment = browserEnvironment,
}: InteractionDependencies): Interaction {
  const { visibility } = environment;
  /** Names the lock and the channel, so that two apps of one origin do not wait for each other. */
  const app = `bearer-worker ${identityOf(source, entries)}`;
  const ask = interactionFunction(interaction, dialog, clock);
  /** A popup needs a click in the tab that asks, and a redirect takes that tab away: neither is done for another tab. */
  const asksForOtherTabs = interaction === "prompt" || typeof interaction === "function";

  let state: InteractionState = IDLE;
  /** Aborts when the state is left, and is replaced then. */
  let left = new AbortController();
  let cancelNews = (): void => undefined;
  /** Whether other tabs are to hear the news. */
  let tellsTabs = false;
  /** The event that ends the interaction under way. The requests that need it wait for that. */
  let outcome = new Deferred<InteractionEvent>();

  const dispatch = (event: InteractionEvent): void => {
    const before = state;
    const now = transition(before, event);
    if (now === before) return;
    state = now;
    const ended = left;
    left = new AbortController();
    if (before.type === "asking") announce(event);
    if (!isUnderWay(now)) {
      outcome.resolve(event);
      outcome = new Deferred();
    }
    ended.abort();
    if (isUnderWay(now)) void proceed(now);
  };

  const parts = {
    source,
    ask,
    lock: app,
    clock,
    environment,
    redirects: source.guardsRedirects ? null : new Redirects(environment),
    needsOtherTab: (need: Need): void => askOtherTab(need),
  };

  const proceed = async (from: UnderWay): Promise<void> => {
    const over = left.signal;
    const work = from.type === "asking" ? askUser(from.need, over, parts) : waitForOthers(from, over, parts);
    const event = await work.catch(failed);
    if (event && state === from) dispatch(event);
  };

  const failed = (cause: unknown): InteractionEvent => ({
    type: "failed",
    error: interactionError(cause),
    at: clock.elapsed(),
  });

  const announce = (event: InteractionEvent): void => {
    if (event.type === "acquired") {
      hasActed();
      tabs.acted();
    } else if (event.type === "failed" && event.error.code === "interaction_declined") {
      tabs.declined();
    }
  };

  const run: Interaction["run"] = async (request, resource, error) => {
    // At once, even where the user does not see this page.
    if (ask === neverAsk) neverAsk();
    const isShared = isUnderWay(state);
    const need = { request, resource, trouble: null, consent: needsConsent(error) };
    // A redirect that has failed may be tried again within a click.
    const mayLeaveAgain = interaction === "redirect" && environment.isClicked();
    if (mayLeaveAgain && state.type === "refused") dispatch({ type: "forgiven" });
    dispatch({ type: "requested", need, at: clock.elapsed() });
    if ("error" in state) throw state.error;
    const end = await outcome.promise;
    if ("error" in end) throw end.error;
    // The token of the interaction is for the scopes of the request that began it.
    return end.type === "acquired" && !isShared ? end.token : null;
  };

  const userActed = (): void => {
    hasActed();
    dispatch({ type: "acted" });
  };

  /** In a later task: the identity library says so before the popup's own result is there. */
  const startOver = (): void => {
    if (stopped.aborted) return;
    dispatch({ type: "forgiven" });
    cancelNews();
    cancelNews = clock.after(0, () => {
      userActed();
      if (tellsTabs) tabs.acted();
      tellsTabs = false;
    });
  };

  /** Any script of the origin can ask so. The user is asked only for this page's own entries, and only if they have to act. */
  const askForOtherTab = ({ key, method }: ResourceName): void => {
    const entry = entries.find((each) => each.key === key && (each.method ?? method) === method);
    const request = entry && requestFor(entry, method);
    // The other tab hears of the outcome by a message.
    if (!request) return;
    const need = { request, resource: key, trouble: null, consent: false };
    dispatch({ type: "needed", need, at: clock.elapsed() });
  };

  /** A challenge may hold secrets and is not passed on, so its request waits until the user sees this page. */
  const askOtherTab = ({ resource, request }: Need): void => {
    const isChallenged = Object.keys(request.challenge).length > 0;
    if (!isChallenged) tabs.needed({ key: resource, method: request.method });
  };

  const stop = (): void => {
    cancelNews();
    dispatch({ type: "stopped", error: detached() });
  };

  const tabs = connectTabs(app, () => source.account(), stopped, environment, {
    acted: userActed,
    declined: () => dispatch({ type: "declined", error: declinedElsewhere() }),
    needed(resource) {
      if (asksForOtherTabs && visibility.isVisible()) askForOtherTab(resource);
    },
    seen() {
      if (state.type === "waiting" && !visibility.isVisible()) askOtherTab(state.need);
    },
  });
  if (stopped.aborted) stop();
  stopped.addEventListener("abort", stop, { once: true });

  return {
    run,
    async signIn() {
      dispatch({ type: "forgiven" });
      const entry = entries.find(({ scopes }) => scopes?.length);
      const request = entry && requestFor(entry, "GET");
      if (request) await run(request, entry.key);
    },
    accountLeft: () => dispatch({ type: "account-left" }),
    stayed: () => dispatch({ type: "stayed" }),
    forgive() {
      tellsTabs = true;
      startOver();
    },
    // A tab that has signed the user in tells of it itself.
    accountCame: startOver,
  };
}

/** A request for the token of an entry; `null` for an entry without scopes. `method` is for an entry that names none. */
const requestFor = (
  { key, method: own, scopes, tokenType }: ResourceEntry,
  method: string,
): TokenRequest | null =>
  scopes && {
    scopes: [...scopes].sort(),
    url: key,
    method: own ?? method,
    tokenType,
    forceRefresh: false,
    challenge: {},
    unanswered: 0,
  };

/** The same for all pages of one app: the provider, the redirect pages and the keys of the map. */
function identityOf(
  { providerOrigins, redirectPages }: TokenSource,
  entries: readonly ResourceEntry[],
): string {
  const keys = new Set(entries.map(({ key }) => key));
  return [...providerOrigins, ...redirectPages, ...keys].join(" ");
}

const declinedElsewhere = (): BearerWorkerError =>
  new BearerWorkerError(
    "interaction_declined",
    `The user declined to sign in, in another tab. ${ASKS_AGAIN}`,
  );

const detached = (): BearerWorkerError =>
  new BearerWorkerError(
    "interaction_disabled",
    "The page has detached, so the user is not asked to sign in. Call `attachTokens` again first.",
  );
