import type { IPublicClientApplication } from "@azure/msal-browser";
import { compileResourceMap } from "../protocol/resource-matcher.ts";
import { ANSWER_WITHIN, createAcquisition, SILENT_WITHIN } from "./acquisition.ts";
import { within } from "./deadline.ts";
import { holdFetches, matchFetch } from "./held-fetches.ts";
import type { Later } from "./later.ts";
import { type MsalOptions, msalTokenSource } from "./msal-token-source.ts";
import { type AttachOptions, readOptions } from "./options.ts";
import { protectedEntries } from "./protected-entries.ts";
import { TokenAttachment } from "./token-attachment.ts";
import type { TokenSource } from "./token-source.ts";
import { signOfLife } from "./sign-of-life.ts";
import { createWorkerLink } from "./worker-link.ts";

/** Sources that are attached to this page already. Frameworks run their effects twice in development. */
const attachments = new WeakMap<object, Promise<TokenAttachment>>();

/**
 * Attaches access tokens to this page's requests to protected resources: registers the worker, waits until it controls
 * the page, and answers it with tokens from `source` from then on.
 *
 * Calling it again with the same source gives the same attachment.
 *
 * @param source an MSAL instance, which is initialized here if need be, or another `TokenSource`
 * @throws BearerWorkerError `invalid_options`, `invalid_resource_map`, `resource_map_too_large`,
 * `service_worker_unavailable`, `page_out_of_scope`, `worker_registration_failed`, `worker_not_in_control`,
 * `silent_timeout`; and whatever `source` fails with when it gets ready
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
  let attachment = attachments.get(source);
  if (!attachment) {
    attachment = attach(source, options);
    attachments.set(source, attachment);
    attachment.catch(() => attachments.delete(source));
  }
  return attachment;
}

async function attach(
  given: IPublicClientApplication | TokenSource,
  options: AttachOptions & MsalOptions,
): Promise<TokenAttachment> {
  const settings = readOptions(options);
  const source = "acquireSilent" in given ? given : msalTokenSource(given, settings);
  const entries = protectedEntries(settings.protectedResourceMap, source, settings.serviceWorker);
  const match = compileResourceMap(entries);

  const stopped = new AbortController();
  const { signal } = stopped;
  let announced: string | null = null;
  const announce = (): void => {
    if (signal.aborted) return;
    announced = source.account();
    link.announce(acquisition.identity());
  };
  const forgetTokens = (): void => {
    acquisition.forget();
    link.forget();
    announce();
  };
  const attachment = new TokenAttachment(announce);

  let loading: Promise<Later> | undefined;
  const later = (): Promise<Later> => {
    loading ??= import("./later.ts").then(({ createLater }) =>
      createLater(source, settings, entries, match, acquisition, link, attachment, matchFetch, signal),
    );
    // What could not be loaded is tried again the next time, where the browser does.
    loading.catch(() => (loading = undefined));
    return loading;
  };
  const acquisition = createAcquisition(source, settings, match, later, attachment);
  const ready = within(SILENT_WITHIN, source.ready(), "silent_timeout").then(() => {
    const unsubscribe = source.subscribe((change) => {
      const changed = source.account() !== announced;
      if (changed || change === "interaction") void loading?.then((loaded) => loaded.forgive());
      if (changed) forgetTokens();
    });
    signal.addEventListener("abort", unsubscribe);
  });
  // Nobody would hear of an account that changes.
  const settled = ready.catch(() => stopped.abort());

  const link = createWorkerLink(settings, entries, {
    hear: (...heard) => void later().then((loaded) => loaded.hear(...heard)),
    left: () =>
      later().then(
        (loaded) => loaded.left(),
        () => [],
      ),
    answer: async (question, reply) => {
      const say = signOfLife(reply);
      await settled;
      // A page that has detached stays with its worker until it is reloaded, and lets every request pass. Where it has
      // attached again, that answers.
      if (signal.aborted && attachments.has(given)) say({ type: "waiting", milliseconds: ANSWER_WITHIN });
      else if (signal.aborted) say({ type: "identity", account: null, observing: false });
      else if (question.type === "identify") say(acquisition.identity());
      else say(await acquisition.answer(question, say));
    },
  });
  const connect = async (): Promise<Later | null> => {
    const isServed = (navigator.serviceWorker || settings.fallback === "none") && (await link.connect());
    await ready;
    return isServed ? null : await later();
  };
  const connected = connect();
  if (!link.isInControl) holdFetches(match, connected);
  // What was held may go now, and does right after this.
  (await connected)?.attachHere();

  // A page that comes back from the back-forward cache has missed what happened meanwhile.
  addEventListener("pageshow", ({ persisted }) => persisted && announce(), stopped);
  announce();
  // Few pages need it at once, but when one does, the server may have it no more.
  void later();
  return Object.assign(attachment, {
    tokens: acquisition.tokens,
    forgetTokens,
    signIn: () => later().then((loaded) => loaded.signIn()),
    detach() {
      stopped.abort();
      attachments.delete(given);
      link.forget();
      return link.disconnect();
    },
  });
}
