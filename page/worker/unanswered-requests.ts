import type { Clock } from "../../pipeline/clock.ts";
import type { UnansweredRequest } from "../../protocol/answers.ts";
import type { SendingNotice } from "../../protocol/request-notices.ts";

/**
 * For how many milliseconds a request is still named after it was. A page that was busy finds several questions, and the
 * worker hears the answer to the last one only.
 */
const NAMED_FOR = 1_000;

/** The requests that workers have sent for this page and not answered yet, by the lock that the sender holds meanwhile. */
export class UnansweredRequests {
  readonly #sent = new Map<string, string>();
  readonly #locks: Pick<LockManager, "request"> | undefined;
  readonly #clock: Clock;

  constructor(locks: Pick<LockManager, "request"> | undefined, clock: Clock) {
    this.#locks = locks;
    this.#clock = clock;
  }

  note({ lock, request }: SendingNotice): void {
    if (request === null) this.#sent.delete(lock);
    else this.#sent.set(lock, request);
  }

  /** The requests whose sender has died: its lock is free. */
  async left(): Promise<readonly UnansweredRequest[]> {
    const left: UnansweredRequest[] = [];
    for (const [lock, request] of this.#sent) {
      // Other questions may look at the lock at the same time. They share it; the worker holds it alone.
      await this.#locks?.request(lock, { ifAvailable: true, mode: "shared" }, (isFree) => {
        if (!isFree) return;
        left.push({ lock, request });
        this.#clock.after(NAMED_FOR, () => this.#sent.delete(lock));
      });
    }
    // The news of an answer may have come meanwhile.
    return left.filter(({ lock }) => this.#sent.has(lock));
  }
}
