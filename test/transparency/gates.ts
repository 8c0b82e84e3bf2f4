import type { RequestListener } from "node:http";

/** Let the page wait for the server, and the server for the page. Their own origin keeps them out of all queues. */
export interface Gates {
  readonly handle: RequestListener;
  /** Resolves when the page has asked to go on with an answer. */
  released(id: string): Promise<void>;
  /** Closes every gate. */
  reset(): void;
  /** Checks every condition that is waited for. To be called after each change. */
  look(): void;
}

/** The part of a request that a gate looks at. */
interface Waited {
  readonly outcome: string | null;
}

interface PromiseWithRelease {
  readonly promise: Promise<void>;
  readonly release: () => void;
}

/** How long a gate waits for the end of a request before the answer goes on, in milliseconds. */
const UNTIL_ENDED = 3_000;

/**
 * `/received/<id>` answers once the server has a request. `/release/<id>` lets the request's answer go on. `/ended/<id>`
 * answers once the browser has given the request up. After a while it lets the request's answer go on.
 */
export function createGates(find: (id: string) => readonly Waited[]): Gates {
  const releases = new Map<string, PromiseWithRelease>();
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const check of waiting) check();
  };
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });

  const gateOf = (id: string): PromiseWithRelease => {
    let gate = releases.get(id);
    if (!gate) {
      let release = (): void => undefined;
      const promise = new Promise<void>((resolve) => (release = resolve));
      releases.set(id, (gate = { promise, release }));
    }
    return gate;
  };

  return {
    look,
    released: (id) => gateOf(id).promise,
    reset: () => releases.clear(),
    handle(request, response) {
      response.setHeader("Access-Control-Allow-Origin", "*");
      const [, gate, id = ""] = (request.url ?? "").split("/");
      const { release } = gateOf(id);
      if (gate === "release") release();
      if (gate === "received") return void until(() => find(id).length > 0).then(() => response.end());
      if (gate === "ended") {
        const isEnded = (): boolean => find(id).every(({ outcome }) => outcome !== null);
        const later = setTimeout(release, UNTIL_ENDED);
        return void until(isEnded).then(() => {
          clearTimeout(later);
          response.end();
        });
      }
      response.end();
    },
  };
}
