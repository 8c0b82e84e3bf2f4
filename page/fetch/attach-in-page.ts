import { authorize, type Realm } from "../../pipeline/authorize.ts";
import type { Clock } from "../../pipeline/clock.ts";
import { DpopServers } from "../../pipeline/dpop-servers.ts";
import { NoCorsRequests } from "../../pipeline/no-cors.ts";
import { Successors } from "../../pipeline/successors.ts";
import { compileRequestMatcher, type RequestMatch } from "../../pipeline/request-matcher.ts";
import type { ProofRefusedNotice } from "../../protocol/request-notices.ts";
import type { ResourceEntry } from "../../protocol/resource-map.ts";
import type { PagePart } from "./page-calls.ts";
import { PageTokens, type PageTokensParts } from "./page-tokens.ts";
import type { XhrCall } from "./xhr-call.ts";
import { XhrAttempts } from "./xhr-attempts.ts";

/** The parts that attaching in the page works with. */
export interface InPageParts extends PageTokensParts {
  readonly entries: readonly ResourceEntry[];
  readonly clock: Clock;
  /** Hears that a resource server refused a proof. */
  readonly noteProof: (notice: Omit<ProofRefusedNotice, "type">) => void;
  /** Settles when the identity library is ready, or has failed. */
  readonly settled: Promise<unknown>;
  readonly stopped: AbortSignal;
}

/**
 * Attaches tokens to the page's own calls, for requests that no worker can get: by the same map, acquisition and pipeline as
 * the worker's. Ends with `stopped`.
 */
export function attachInPage(parts: InPageParts): PagePart {
  const { entries, clock, stopped } = parts;
  const matchRequest = compileRequestMatcher({ entries, navigations: false });
  const noCors = new NoCorsRequests(clock);
  const dpopServers = new DpopServers(clock);
  const successors = new Successors(clock);
  const tokens = new PageTokens(parts);
  const matchOf = (request: Request) =>
    stopped.aborted ? null : matchRequest({ request, url: new URL(request.url) });

  const realmOf = (request: Request, match: RequestMatch, send: Realm["fetch"]): Realm => ({
    clock,
    noCors,
    dpopServers,
    successors,
    acquireToken: (refusal) => tokens.acquire(request, match, refusal),
    askForProof: (proof) => tokens.prove(request, match, proof),
    noteProof: (code, isReplayed) =>
      parts.noteProof({ url: request.url, method: request.method, code, isReplayed }),
    fetch: send,
    sendOnce: (_request, sendIt) => sendIt(),
    waitUntil: () => undefined,
  });

  return {
    async fetch(request, send) {
      await parts.settled;
      const match = matchOf(request);
      if (!match) return await send(request);
      const realm = realmOf(request, match, (sent) => send(sent));
      return (await authorize(request, match, realm)).response;
    },

    async sendXhr(call) {
      await parts.settled;
      if (call.state !== "waiting") return;
      const request = requestOf(call);
      const match = request && matchOf(request);
      if (!match) return call.send([]);
      const attempts = new XhrAttempts(call, request, match.tokenType ? 3 : 2);
      const realm = realmOf(request, match, (sent) =>
        attempts.next([...sent.headers].filter(([name]) => !request.headers.has(name))),
      );
      await authorize(request, match, realm).then(
        () => attempts.settle(),
        () => attempts.settle(),
      );
    },
  };
}

/** The request without its body, which stays with the `XMLHttpRequest`; `null` where `fetch` could not make it. */
function requestOf({ xhr, method, url, headers }: XhrCall): Request | null {
  const credentials = xhr.withCredentials ? "include" : "same-origin";
  try {
    return new Request(url, { method, credentials, headers: headers.map(([name, value]) => [name, value]) });
  } catch {
    return null;
  }
}
