import { FORGET, forgetUrl } from "../../protocol/forget-url.ts";
import type { Answer, Reply, Waiting } from "../../protocol/answers.ts";
import { type AnnounceNotice, PROTOCOL_VERSION, seal, type WorkerMessage } from "../../protocol/messages.ts";
import type { AcquireQuestion, IdentifyQuestion, ProveQuestion, Question } from "../../protocol/questions.ts";
import type { SendingNotice } from "../../protocol/request-notices.ts";
import { versionOf } from "../../protocol/check-message.ts";
import { readWorkerMessage } from "../../protocol/read-from-worker.ts";
import type { Heartbeat } from "./heartbeat.ts";
import type { RequestReports } from "./request-reports.ts";
import { runsScript, type WorkerScript } from "./worker-script.ts";

/** The page, as the worker deals with it. */
export interface ConnectedPage {
  identity(question: IdentifyQuestion): Promise<Answer>;
  token(question: AcquireQuestion, say: (waiting: Waiting) => void): Promise<Answer>;
  proof(question: ProveQuestion): Promise<Answer>;
  /** Hears of requests of this page, and of clients that observe nothing. */
  readonly reports: Pick<RequestReports, "observed" | "failed" | "proofRefused">;
  /** A request that must not be sent twice is about to be sent, or has been answered. */
  sending(notice: SendingNotice): void;
  /** The site's own worker does not know these keys of the page's map. */
  lacking(keys: readonly string[]): void;
  /** A listener of the site's own worker answers requests of this page. */
  preempted(): void;
  /** A worker speaks another version of the protocol. */
  incompatible(): void;
}

/** The page's end of its talk with workers. */
export class Connection {
  readonly #container: ServiceWorkerContainer | undefined;
  /** Workers that have asked this page, and may have its tokens. */
  readonly #askers = new Set<ServiceWorker>();

  constructor(container: ServiceWorkerContainer | undefined) {
    this.#container = container;
  }

  /** Answers workers with this script from now on: requests that the page's HTML made may be waiting already. */
  listen(script: WorkerScript, page: ConnectedPage, heartbeat: Heartbeat, signal: AbortSignal): void {
    this.#container?.addEventListener(
      "message",
      ({ isTrusted, source, data, ports: [port] }) => {
        // A script can dispatch a message here, and name any source.
        if (!isTrusted || !(source instanceof ServiceWorker) || !runsScript(source, script)) return;
        const message = readWorkerMessage(data);
        if (message) this.#hear(message, source, port, page, heartbeat);
        else if (port && isOfOtherVersion(data)) {
          port.postMessage(seal({ type: "incompatible" }, versionOf(data) as number));
          page.incompatible();
        }
      },
      { signal },
    );
    this.#container?.startMessages();
    // A worker that has waited for this page in vain asks it again from now on.
    const controller = this.#controller;
    if (controller && runsScript(controller, script)) controller.postMessage(seal({ type: "claim" }));
  }

  /** Tells every worker that may have this page's tokens whose page this is. */
  announce(notice: Omit<AnnounceNotice, "type">): void {
    const message = seal<AnnounceNotice>({ ...notice, type: "announce" });
    for (const worker of this.#askers) if (worker.state === "redundant") this.#askers.delete(worker);
    for (const worker of new Set([this.#controller, ...this.#askers])) worker?.postMessage(message);
  }

  /**
   * Empties the worker in control, ahead of every request that the page makes from now on. That worker may be another one
   * than the page has registered: the registration can be refused, pending, or replaced by another page's.
   */
  forget(): void {
    const controller = this.#controller;
    if (!controller) return;
    void fetch(forgetUrl(new URL(controller.scriptURL)), FORGET).catch(() => undefined);
  }

  get #controller(): ServiceWorker | null {
    return this.#container?.controller ?? null;
  }

  #hear(
    message: WorkerMessage,
    worker: ServiceWorker,
    port: MessagePort | undefined,
    page: ConnectedPage,
    heartbeat: Heartbeat,
  ): void {
    switch (message.type) {
      case "identify":
      case "prove":
      case "acquire": {
        if (!port) return;
        this.#askers.add(worker);
        const say = (reply: Reply): void => port.postMessage(seal(reply));
        const alive = heartbeat.start(say);
        answerOf(message, page, alive.say).then(alive.end, () => alive.end({ type: "unavailable" }));
        return;
      }
      case "observed":
      case "pending":
        return page.reports.observed(message);
      case "proof-refused":
        return page.reports.proofRefused(message);
      case "failed":
        return page.reports.failed(message);
      case "sending":
        return page.sending(message);
      case "running":
        return worker.postMessage(null);
      case "preempted":
        return page.preempted();
      case "lacking":
        return page.lacking(message.keys);
      default:
        message satisfies never;
    }
  }
}

function answerOf(question: Question, page: ConnectedPage, say: (waiting: Waiting) => void): Promise<Answer> {
  switch (question.type) {
    case "identify":
      return page.identity(question);
    case "acquire":
      return page.token(question, say);
    case "prove":
      return page.proof(question);
    default:
      return question satisfies never;
  }
}

const isOfOtherVersion = (data: unknown): boolean => {
  const version = versionOf(data);
  return typeof version === "number" && version !== PROTOCOL_VERSION;
};
