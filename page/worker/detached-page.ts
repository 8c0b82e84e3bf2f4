import type { IdentityAnswer } from "../../protocol/answers.ts";
import { seal } from "../../protocol/messages.ts";
import { readWorkerMessage } from "../../protocol/read-from-worker.ts";
import { runsScript, type WorkerScript } from "./worker-script.ts";

/** The answer of a page that uses no account any more. */
export const DETACHED: IdentityAnswer = {
  type: "identity",
  account: { type: "signed-out", mayAcquire: false },
  map: "",
  observing: false,
  unanswered: [],
  token: null,
};

/** Ends the answers of a page that has detached. One at a time, whatever was attached before. */
let detached: AbortController | null = null;
/** Ends the attachment that answered last. */
let attached: AbortSignal | null = null;

/**
 * Answers workers that no account uses this page, unless an attachment answers: a page stays under its worker until it is
 * reloaded, and requests would wait for a page that says nothing.
 */
export function answerAsDetached(container: ServiceWorkerContainer | undefined, script: WorkerScript): void {
  // An attachment that fails late may have a successor already.
  if (attached && !attached.aborted) return;
  detached?.abort();
  detached = new AbortController();
  container?.addEventListener(
    "message",
    ({ isTrusted, source, data, ports: [port] }) => {
      if (!isTrusted || !port || !(source instanceof ServiceWorker) || !runsScript(source, script)) return;
      const message = readWorkerMessage(data);
      if (!["identify", "acquire", "prove"].includes(message?.type ?? "")) return;
      port.postMessage(seal(DETACHED));
    },
    { signal: detached.signal },
  );
}

/** An attachment answers from now on, until `stopped` aborts. */
export function answerAsAttached(stopped: AbortSignal): void {
  detached?.abort();
  attached = stopped;
}
