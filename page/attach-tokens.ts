import type { IPublicClientApplication } from "@azure/msal-browser";
import { systemClock as clock } from "../pipeline/clock.ts";
import type { Answer } from "../protocol/answers.ts";
import type { BearerWorkerErrorCode } from "../protocol/errors.ts";
import { AccountState } from "./acquisition/account-state.ts";
import { Acquisition, ANSWER_WITHIN } from "./acquisition/acquisition.ts";
import { Answers } from "./acquisition/answer.ts";
import { Backoff } from "./acquisition/backoff.ts";
import { HeldTokens } from "./acquisition/held-tokens.ts";
import { readySource } from "./acquisition/ready-source.ts";
import { attachOnce } from "./attached-source.ts";
import { AttachmentEvents } from "./attachment-events.ts";
import { knownScript, readConfiguration } from "./configuration.ts";
import { PageCalls } from "./fetch/page-calls.ts";
import { lazily, preload, whenIdle } from "./lazily.ts";
import type { MsalOptions } from "./msal/options.ts";
import type { AttachOptions } from "./options.ts";
import { TokenAttachment } from "./token-attachment.ts";
import type { TokenSource } from "./token-source.ts";
import { Connection } from "./worker/connection.ts";
import { type Control, noServiceWorkersError, takeControl, UNSERVED } from "./worker/control.ts";
import { answerAsAttached, answerAsDetached, DETACHED } from "./worker/detached-page.ts";
import { Heartbeat } from "./worker/heartbeat.ts";
import { WorkerLoss } from "./worker/worker-loss.ts";
import { RequestReports } from "./worker/request-reports.ts";
import { registrationOfSite } from "./worker/site-registration.ts";
import { UnansweredRequests } from "./worker/unanswered-requests.ts";
import { type WorkerScript, workerOfSite } from "./worker/worker-script.ts";

/**
 * Attaches access tokens to this page's requests to protected resources: registers the worker, waits until it controls
 * the page, and answers it with tokens from `source` from then on.
 *
 * Calls of `fetch` and `XMLHttpRequest` that the page makes from now on get their tokens without waiting for the worker.
 * Images, scripts and everything else get theirs once the worker is in control, which is when the promise resolves.
 *
 * Calling it again with the same source gives the same attachment: frameworks run their effects twice in development.
 *
 * @param source an MSAL instance, which is initialized here if need be, or another `TokenSource`
 * @throws BearerWorkerError `already_attached`, `invalid_options`, `invalid_resource_map`, `resource_map_too_large`,
 * `service_worker_unavailable`, `page_out_of_scope`, `other_worker`, `worker_registration_failed`,
 * `worker_not_in_control`, `silent_timeout`; and the error with which `source` fails to get ready
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
  return attachOnce(source, (stop) => attach(source, options, stop));
}

/** Puts the page's parts together, and connects them to the worker. */
async function attach(
  given: IPublicClientApplication | TokenSource,
  options: AttachOptions & MsalOptions,
  stop: AbortController,
): Promise<TokenAttachment> {
  const { signal: stopped } = stop;
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;

  const configuration = readConfiguration(given, options, document.baseURI);
  const { settings, source, entries, match, map, navigations } = configuration;

  // Tokens.
  const base = (): string => document.baseURI;
  const events = new AttachmentEvents(clock);
  const reports = new RequestReports(match, events, base);
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
    clock,
    map,
    navigations,
    base,
  });

  // The news that workers have to hear.
  const connection = new Connection(container);
  const announce = (): void => {
    if (stopped.aborted) return;
    connection.announce({ account: account.current(), map, observing: events.observing });
  };
  const forgetTokens = (): void => {
    acquisition.forget();
    connection.forget();
    announce();
  };
  events.onObservingChange = announce;

  // A worker that runs already learns whose page this is as soon as the page knows it, ahead of the answers to its questions.
  const known = knownScript(configuration);
  const isUnderOwnWorker = known && container?.controller?.scriptURL === known.url.href;
  const ready = readySource(source, clock, stopped, {
    ready() {
      if (isUnderOwnWorker) announce();
    },
    changed(change) {
      account.look();
      if (change === "interaction") void interaction().then(({ forgive }) => forgive(), ignore);
      if (change === "stayed") void interaction().then(({ stayed }) => stayed(), ignore);
    },
  });
  // A source that is not ready has no subscription to account changes, so the page must not serve its tokens.
  const settled = ready.catch(() => stop.abort());

  // The page's own calls, until its worker is in control.
  const calls = new PageCalls(
    match,
    lazily(async () => {
      const { attachInPage } = await import("./fetch/attach-in-page.ts");
      return attachInPage({
        entries,
        account: () => account.current(),
        answers,
        clock,
        settled,
        stopped,
        noteProof: (notice) => reports.proofRefused(notice),
      });
    }),
    stopped,
  );
  if (!isUnderOwnWorker && (container || settings.fallback === "fetch")) calls.serve();

  const loss = new WorkerLoss({ entries, calls, events, stopped });
  account.onChange = (before) => {
    void interaction().then(
      ({ accountCame, accountLeft }) => (before === null ? accountCame() : accountLeft()),
      ignore,
    );
    forgetTokens();
  };

  // The worker's questions.
  const unanswered = new UnansweredRequests(navigator.locks, clock);
  const whileAttached = async (answer: () => Promise<Answer>): Promise<Answer> => {
    await settled;
    return stopped.aborted ? DETACHED : await answer();
  };
  const listenTo = (script: WorkerScript, workers: ServiceWorkerContainer): void => {
    const leave = (): void => answerAsDetached(workers, script);
    // The source may have failed while the site's registration was on its way.
    if (stopped.aborted) return leave();
    stopped.addEventListener("abort", leave);
    answerAsAttached(stopped);
    connection.listen(
      script,
      {
        identity: ({ wanted }) =>
          whileAttached(async () => answers.identity(wanted, await unanswered.left())),
        token: (question, say) => whileAttached(() => answers.token(question, say)),
        proof: (question) => whileAttached(() => answers.proof(question)),
        reports,
        sending: (notice) => unanswered.note(notice),
        lacking: (keys) => loss.reportLacking(keys, "worker_map_incomplete"),
        preempted: () => loss.report("worker_preempted"),
        incompatible: () => loss.report("worker_incompatible"),
      },
      new Heartbeat(clock, () => document.hidden, ANSWER_WITHIN),
      stopped,
    );
  };

  // Control.
  const start = async (): Promise<readonly [WorkerScript | null, Control]> => {
    if (!container) {
      if (settings.fallback === "none") throw noServiceWorkersError();
      await ready;
      return [null, UNSERVED];
    }
    const script = known || workerOfSite(await registrationOfSite(settings.serviceWorker, clock));
    listenTo(script, container);
    const control = await takeControl(container, script, settings.fallback, clock);
    await ready;
    return [script, control];
  };
  const [script, control] = await start().catch((error: unknown) => {
    calls.release();
    throw error;
  });
  loss.reportLacking(control.lacking, "worker_map_differs");
  if (control.isServed && !loss.isNoticed) calls.release();
  else calls.serve();

  // A worker that takes control later may be a newer one with another map. It says so in answer.
  container?.addEventListener("controllerchange", announce, { signal: stopped });
  // A page that comes back from the back-forward cache has missed what happened meanwhile.
  addEventListener("pageshow", ({ persisted }) => persisted && announce(), { signal: stopped });
  // A page that was under its own worker has announced itself.
  if (!isUnderOwnWorker) announce();
  preload(recovery);
  if (container && script) {
    const { registration } = control;
    const lost = (code: BearerWorkerErrorCode): void => loss.report(code);
    const doubt = (): void => calls.serve();
    const parts = { container, script, registration, clock, announce, lost, doubt, stopped };
    whenIdle(() => void import("./worker/health.ts").then(({ watchHealth }) => watchHealth(parts), ignore));
  }

  let detaching: Promise<void> | null = null;
  const detach = async (): Promise<void> => {
    connection.forget();
    connection.announce({ account: DETACHED.account, map, observing: false });
    stop.abort();
    if (!script?.siteRegistration) await control.registration?.unregister();
  };
  const page: ConstructorParameters<typeof TokenAttachment>[0] = {
    tokens: acquisition.tokens,
    forgetTokens,
    renewToken: async (url, { method = "GET", claims } = {}) => {
      const isNew = await answers.renew({ url: String(url), method }, claims);
      // A renewed token reaches the worker from this page, unless another tab has handed over an older one meanwhile.
      connection.forget();
      return isNew;
    },
    signIn: async () => (await interaction()).signIn(),
    // A second call must not take the worker from an attachment that has come since.
    detach: () => (detaching ??= detach()),
  };
  return new TokenAttachment(page, events);
}

const ignore = (): void => undefined;
