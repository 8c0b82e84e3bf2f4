import type { SendingNotice } from "../protocol/messages.ts";

/** What workers have sent for this page and not answered yet, by the lock that the worker holds meanwhile. */
export interface UnansweredRequests {
  note(notice: SendingNotice): void;
  /** What workers that have died will never answer. */
  left(): Promise<readonly string[]>;
}

/** A page that was busy has several questions before it, and only the last one's answer is heard. */
const TOLD_FOR = 1_000;

export function unansweredRequests(): UnansweredRequests {
  const sent = new Map<string, string>();
  return {
    note({ lock, request }) {
      if (request === null) sent.delete(lock);
      else sent.set(lock, request);
    },
    async left() {
      const left: string[] = [];
      for (const [name, request] of sent) {
        // Shared with other questions, though not with the worker.
        await navigator.locks.request(name, { ifAvailable: true, mode: "shared" }, (lock) => {
          if (!lock) return;
          left.push(request);
          setTimeout(() => sent.delete(name), TOLD_FOR);
        });
      }
      return left;
    },
  };
}
