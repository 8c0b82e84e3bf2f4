import type { IPublicClientApplication } from "@azure/msal-browser";
import { forgetUrl, readWorkerMessage, type Reply, seal } from "../protocol/messages.ts";
import { compileResourceMap } from "../protocol/resource-matcher.ts";
import { encodeWorkerUrl } from "../protocol/worker-url.ts";
import { ANSWER_WITHIN, createAcquisition, SILENT_WITHIN, within } from "./acquisition.ts";
import type { Interaction } from "./interaction.ts";
import { type MsalOptions, msalTokenSource } from "./msal-token-source.ts";
import { type AttachOptions, readOptions } from "./options.ts";
import { protectedEntries } from "./protected-entries.ts";
import { TokenAttachment } from "./token-attachment.ts";
import type { TokenSource } from "./token-source.ts";
import { controlled, registerWorker } from "./worker-registration.ts";

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
 * `service_worker_unavailable`, `page_out_of_scope`, `worker_registration_failed`, `worker_not_in_control`
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
  const source = "acquireSilent" in given ? given : msalTokenSource(given, options);
  const entries = protectedEntries(settings.protectedResourceMap, source);
  const script = encodeWorkerUrl(new URL(settings.serviceWorker, document.baseURI), { ...settings, entries });

  const stopped = new AbortController();
  let registration: ServiceWorkerRegistration | undefined;
  let announced: string | null = null;

  /** Tells the workers that this page deals with, its controller and the one that replaces it, whose page it is. */
  const announce = (): void => {
    if (!registration) return;
    announced = source.account();
    for (const worker of new Set([navigator.serviceWorker.controller, registration.active])) {
      worker?.postMessage(seal({ ...acquisition.identity(), type: "announce" }));
    }
  };
  const forget = (): void => void fetch(forgetUrl(script)).catch(() => undefined);
  const attachment = new TokenAttachment(announce, async () => {
    stopped.abort();
    attachments.delete(given);
    forget();
    await registration?.unregister();
  });

  let loading: Promise<Interaction> | undefined;
  const interaction = (): Promise<Interaction> => {
    loading ??= import("./interaction.ts").then(({ createInteraction }) =>
      createInteraction(source, settings.interaction),
    );
    // What could not be loaded is tried again the next time.
    loading.catch(() => (loading = undefined));
    return loading;
  };
  const acquisition = createAcquisition(
    source,
    settings,
    compileResourceMap(entries),
    interaction,
    attachment,
  );
  const ready = within(SILENT_WITHIN, source.ready(), "silent_timeout");
  const settled = ready.catch(() => undefined);

  const receive = async ({ source: worker, data, ports: [port] }: MessageEvent): Promise<void> => {
    if (!(worker instanceof ServiceWorker) || new URL(worker.scriptURL).pathname !== script.pathname) return;
    const message = readWorkerMessage(data);
    if (message?.type === "observed") {
      const { url } = message.request;
      attachment.emit("request", { ...message.request, url: url.replace(/[?#].*/s, "") });
    } else if (message && port) {
      const reply = (answer: Reply): void => port.postMessage(seal(answer));
      reply({ type: "waiting", milliseconds: ANSWER_WITHIN });
      await settled;
      // A page that has detached stays with its worker until it is reloaded, and lets every request pass.
      if (stopped.signal.aborted && attachments.has(given)) return;
      if (stopped.signal.aborted) reply({ type: "identity", account: null, observing: false });
      else if (message.type === "identify") reply(acquisition.identity());
      else reply(await acquisition.answer(message, reply));
    }
  };

  // Requests that the page's HTML made may be waiting already.
  navigator.serviceWorker?.addEventListener("message", (event) => void receive(event));
  navigator.serviceWorker?.startMessages();
  registration = await registerWorker(script, settings.scope);
  await Promise.all([ready, controlled(registration, script)]);

  const unsubscribe = source.subscribe((change) => {
    const changed = source.account() !== announced;
    if (changed || change === "interaction") void loading?.then((loaded) => loaded.forgive());
    if (!changed) return;
    forget();
    announce();
  });
  stopped.signal.addEventListener("abort", unsubscribe);
  // A page that comes back from the back-forward cache has missed what happened meanwhile.
  addEventListener("pageshow", ({ persisted }) => persisted && announce(), stopped);
  announce();
  // Few pages need it at once, but when one does, the server may have it no more.
  void interaction();
  return attachment;
}
