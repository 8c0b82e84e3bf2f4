import type { IPublicClientApplication } from "@azure/msal-browser";
import { systemClock as clock, within } from "../pipeline/clock.ts";
import { BearerWorkerError, type BearerWorkerErrorCode } from "../protocol/errors.ts";
import { mapText, resolveResourceMap } from "../protocol/resource-map.ts";
import { compileResourceMap } from "../protocol/resource-matcher.ts";
import { AccountState } from "./acquisition/account-state.ts";
import { Acquisition, ANSWER_WITHIN, SILENT_WITHIN } from "./acquisition/acquisition.ts";
import { Answers } from "./acquisition/answer.ts";
import { Backoff } from "./acquisition/backoff.ts";
import { HeldTokens } from "./acquisition/held-tokens.ts";
import { holdEarlyCalls } from "./fetch/held-calls.ts";
import { lazily, preload } from "./lazily.ts";
import type { MsalOptions } from "./msal/options.ts";
import { msalTokenSource } from "./msal/token-source.ts";
import { type AttachOptions, isRegistration, readOptions } from "./options.ts";
import { protectedEntries } from "./protected-entries.ts";
import { AttachmentEvents, TokenAttachment } from "./token-attachment.ts";
import type { TokenSource } from "./token-source.ts";
import { Connection } from "./worker/connection.ts";
import { takeControl } from "./worker/control.ts";
import { answerAsAttached, answerAsDetached, DETACHED } from "./worker/detached-page.ts";
import { Heartbeat } from "./worker/heartbeat.ts";
import { emitObserved } from "./worker/observed-requests.ts";
import { UnansweredRequests } from "./worker/unanswered-requests.ts";
import { ownWorker, workerOfSite } from "./worker/worker-script.ts";

interface Attaching {
  readonly attachment: Promise<TokenAttachment>;
  readonly stop: AbortController;
  hasFailed: boolean;
}

/** Attachments of this page by their source. Frameworks run their effects twice in development. */
const attached = new WeakMap<object, Attaching>();

/**
 * Attaches access tokens to this page's requests to protected resources: registers the worker, waits until it controls
 * the page, and answers it with tokens from `source` from then on.
 *
 * Calling it again with the same source gives the same attachment.
 *
 * @param source an MSAL instance, which is initialized here if need be, or another `TokenSource`
 * @throws BearerWorkerError `invalid_options`, `invalid_resource_map`, `resource_map_too_large`,
 * `service_worker_unavailable`, `page_out_of_scope`, `worker_registration_failed`, `worker_not_in_control`,
 * `silent_timeout`; and the error with which `source` fails to get ready
 */
export function attachTokens(
  source: IPublicClientApplication,
  options: AttachOptions & MsalOptions,
): Promise<TokenAttachment>;
export function attachTokens(source: TokenSource, options: AttachOptions): Promise<TokenAttachment>;
export function attachTokens(
  source: IPublicClientApplication | TokenSource,
  options: AttachOptions & MsalOptions,
): Promise<TokenAttachment> {
  const known = attached.get(source);
  if (known && !known.hasFailed) return known.attachment;
  // An attachment whose worker was refused goes on serving an older worker. The new attachment does so from now on.
  known?.stop.abort();
  const stop = new AbortController();
  const attaching: Attaching = { attachment: attach(source, options, stop), stop, hasFailed: false };
  attached.set(source, attaching);
  attaching.attachment.catch(() => {
    attaching.hasFailed = true;
  });
  return attaching.attachment;
}

/** Puts the page's parts together, and connects them to the worker. */
async function attach(
  given: IPublicClientApplication | TokenSource,
  options: AttachOptions & MsalOptions,
  stop: AbortController,
): Promise<TokenAttachment> {
  const { signal: stopped } = stop;
  const base = document.baseURI;
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;

  // The configuration.
  const settings = readOptions(options);
  const source = "acquireSilent" in given ? given : msalTokenSource(given, settings);
  const { protectedResourceMap, serviceWorker, scope } = settings;
  const ownUrl = isRegistration(serviceWorker) ? null : new URL(serviceWorker, base);
  const navigations = settings.navigations ?? isRegistration(serviceWorker);
  const entries = protectedEntries(protectedResourceMap, source, ownUrl, base);
  const match = compileResourceMap(entries);
  const script = isRegistration(serviceWorker)
    ? workerOfSite(serviceWorker)
    : ownWorker(new URL(serviceWorker, base), scope, { entries, navigations });

  // A worker of the site's own has the site's map, without the entries that keep the identity library safe.
  const map = mapText(
    isRegistration(serviceWorker) ? resolveResourceMap(protectedResourceMap, base) : entries,
  );

  // Tokens.
  const events = new AttachmentEvents();
  const account = new AccountState(source, settings.whenSignedOut);
  const backoff = new Backoff(clock, () => navigator.onLine);
  const held = new HeldTokens(clock);
  const interaction = lazily(async () => {
    const { createInteraction } = await import("./interaction/coordinator.ts");
    const hasActed = (): void => backoff.startOver();
    return createInteraction({ source, settings, entries, hasActed, stopped, clock });
  });
  const recovery = lazily(async () => {
    const [{ createRecovery }, { run }] = await Promise.all([
      import("./acquisition/recovery.ts"),
      interaction(),
    ]);
    return createRecovery({ run }, events);
  });
  const { interactionTimeout } = settings;
  const acquisition = new Acquisition({
    source,
    account,
    held,
    backoff,
    recovery,
    events,
    clock,
    interactionTimeout,
  });
  const answers = new Answers({
    source,
    match,
    account,
    held,
    acquisition,
    recovery,
    events,
    map,
    navigations,
    base: () => document.baseURI,
  });

  // The worker's questions, and the news that it has to hear.
  const connection = new Connection(container, script);
  const unanswered = new UnansweredRequests(navigator.locks, clock);
  const announce = (): void => {
    if (stopped.aborted) return;
    connection.announce({ account: account.current(), map, observing: events.observing });
  };
  const forgetTokens = (): void => {
    acquisition.forget();
    connection.forget();
    announce();
  };
  const inPage = lazily(() => import("./fetch/attach-in-page.ts"));
  let isInPage = false;
  const attachHere = ({ attachInPage }: Awaited<ReturnType<typeof inPage>>): void => {
    if (isInPage) return;
    isInPage = true;
    attachInPage({ entries, match, account: () => account.current(), answers, clock, stopped });
  };
  let isLost = false;
  const lost = (code: BearerWorkerErrorCode): void => {
    if (stopped.aborted || isLost) return;
    isLost = true;
    void inPage().then(attachHere, ignore);
    events.emit("tokenfailed", { resource: "*", scopes: [], code, reason: null, outcome: "bare" });
  };
  const forgive = (): void => void interaction().then((loaded) => loaded.forgive(), ignore);
  account.onChange = () => {
    forgive();
    forgetTokens();
  };
  events.onObservingChange = announce;

  const ready = within(clock, SILENT_WITHIN, source.ready(), notReady).then(() => {
    const unsubscribe = source.subscribe((change) => {
      account.look();
      if (change === "interaction") forgive();
    });
    stopped.addEventListener("abort", unsubscribe);
  });
  // A source that is not ready has no subscription to account changes, so the page must not serve its tokens.
  const settled = ready.catch(() => stop.abort());
  stopped.addEventListener("abort", () => answerAsDetached(container, script));
  answerAsAttached();
  connection.listen(
    {
      async identity({ wanted }) {
        await settled;
        return stopped.aborted ? DETACHED : answers.identity(wanted, await unanswered.left());
      },
      async token(question, say) {
        await settled;
        return stopped.aborted ? DETACHED : await answers.token(question, say);
      },
      observed: (notice) => emitObserved(notice, match, events, document.baseURI),
      sending: (notice) => unanswered.note(notice),
      incompatible: () => lost("worker_incompatible"),
    },
    new Heartbeat(clock, () => document.hidden, ANSWER_WITHIN),
    stopped,
  );

  // Control. The page's own early calls wait for it.
  const connect = async () => {
    if (!container && settings.fallback === "none") throw noServiceWorkers();
    const control = container ? await takeControl(container, script, clock) : null;
    await ready;
    // Held calls go on as soon as this ends, so the part that serves them is loaded before.
    const loaded = control?.isServed ? null : await inPage();
    return { registration: control?.registration ?? null, loaded };
  };
  const connected = connect();
  if (container?.controller?.scriptURL !== script.url.href) holdEarlyCalls(match, connected);
  const { registration, loaded } = await connected;
  if (loaded) attachHere(loaded);

  // A page that comes back from the back-forward cache has missed what happened meanwhile.
  addEventListener("pageshow", ({ persisted }) => persisted && announce(), { signal: stopped });
  announce();
  preload(recovery);
  if (container) {
    const parts = { container, script, registration, clock, announce, lost, stopped };
    preload(async () => (await import("./worker/health.ts")).watchHealth(parts));
  }

  const page = {
    tokens: acquisition.tokens,
    forgetTokens,
    signIn: async () => (await interaction()).signIn(),
    detach: async () => {
      connection.forget();
      connection.announce({ account: DETACHED.account, map, observing: false });
      stop.abort();
      attached.delete(given);
      if (!script.siteRegistration) await registration?.unregister();
    },
  };
  return new TokenAttachment(page, events);
}

const ignore = (): void => undefined;

const noServiceWorkers = (): BearerWorkerError =>
  new BearerWorkerError(
    "service_worker_unavailable",
    'This page has no service workers. Serve it from https or localhost, leave the private window, or set the option "fallback" to "fetch".',
  );

const notReady = (): BearerWorkerError =>
  new BearerWorkerError(
    "silent_timeout",
    "The identity library did not get ready within 30 seconds. Call attachTokens again to try once more.",
  );
