import { authorize, type Authorized, type Realm } from "../pipeline/authorize.ts";
import { systemClock } from "../pipeline/clock.ts";
import type { DpopServers } from "../pipeline/dpop-servers.ts";
import { mustNotRepeat } from "../pipeline/must-not-repeat.ts";
import type { NoCorsRequests } from "../pipeline/no-cors.ts";
import type { Successors } from "../pipeline/successors.ts";
import type { RequestMatch } from "../pipeline/request-matcher.ts";
import { ignoredMessages } from "../protocol/check-message.ts";
import type { ClientRecords } from "./clients.ts";
import { type FirefoxKeepAlive, isNeeded as needsKeepAlive } from "./firefox-keep-alive.ts";
import type { OpenPages } from "./open-pages.ts";
import { sendOnce } from "./post-once.ts";
import type { ObservedNotice, PendingNotice, PendingRequest } from "../protocol/request-notices.ts";
import { RequestReports } from "./request-reports.ts";
import { demandOf } from "./token-demand.ts";
import type { Tokens } from "./tokens.ts";
import { type HandledRequest, networkFetch } from "./worker-fetch.ts";

/** The parts of the worker that answer a request. */
export interface WorkerParts {
  readonly pages: OpenPages;
  readonly records: ClientRecords;
  readonly tokens: Tokens;
  readonly successors: Successors;
  readonly noCors: NoCorsRequests;
  readonly dpopServers: DpopServers;
  readonly keepAlive: FirefoxKeepAlive;
}

/** Answers a request to a protected resource. A failure is a network error, as `fetch` reports one; no response is forged. */
export async function respond(
  event: HandledRequest,
  match: RequestMatch,
  worker: WorkerParts,
): Promise<Response> {
  const { clientId, request } = event;
  const { keepAlive, pages, records } = worker;
  const startedAt = systemClock.now();
  const { method, url, destination } = request;
  const seen = { id: crypto.randomUUID(), resource: match.key, method, url, destination, startedAt };
  const reports = new RequestReports(clientId, records, pages);
  const report = (notice: ObservedNotice | PendingNotice): void => {
    if (records.isObserved) event.waitUntil(reports.observed(notice));
  };
  const waits = (waitsFor: PendingRequest["waitsFor"]): void =>
    report({ type: "pending", request: { ...seen, waitsFor, since: systemClock.now() } });
  const isBound = match.tokenType && { tokenType: match.tokenType };
  const ended = needsKeepAlive() ? keepAlive.start(request.url, clientId) : null;

  const authorized = await authorize(request, match, realmOf(event, match, worker, reports, waits)).catch(
    (): Authorized => ({
      response: Response.error(),
      token: "none",
      refused: false,
      replayed: false,
      tokenTime: systemClock.now() - startedAt,
    }),
  );
  const { response, ...course } = authorized;
  ended?.(
    response.type === "error" ? 0 : 1 + Number(course.replayed) + Number(course.proofReplaced ?? false),
  );

  report({
    type: "observed",
    request: {
      ...seen,
      ...course,
      ...(course.token !== "none" && isBound),
      status: response.status,
      responseType: response.type,
      responseTime: systemClock.now() - startedAt,
      ignoredMessages: ignoredMessages(),
    },
  });
  return response;
}

function realmOf(
  event: HandledRequest,
  match: RequestMatch,
  { pages, records, tokens, successors, noCors, dpopServers }: WorkerParts,
  reports: RequestReports,
  waits: (waitsFor: PendingRequest["waitsFor"]) => void,
): Realm {
  const { clientId, request } = event;
  const { url, method } = request;
  const waitUntil = (work: Promise<unknown>): void => event.waitUntil(work);
  const demand = demandOf(request, clientId, match, waitUntil, () => waits("page"));
  let isSigned = false;
  return {
    clock: systemClock,
    noCors,
    dpopServers,
    successors,
    async acquireToken(refusal) {
      const result = await tokens.acquire(demand, refusal);
      // The request is not sent again with a token of another account.
      if (result.type === "token" && !refusal) reports.noteAccount(result.account);
      return result;
    },
    async askForProof(proof) {
      const credentials = await tokens.prove(demand, proof);
      // A page that has switched accounts signs the first sending for the new one, and no other account follows.
      if (credentials && !isSigned) reports.noteAccount(credentials.account);
      isSigned ||= credentials !== null;
      return credentials;
    },
    noteProof: (code, isReplayed) =>
      waitUntil(reports.proofRefused({ type: "proof-refused", url, method, code, isReplayed })),
    fetch: (sent) => {
      waits("network");
      return networkFetch(sent);
    },
    // A network error is a response here, so that the report knows the token with which the request went out.
    sendOnce: (_sent, send) => {
      const sending = (): Promise<Response> => send().catch(() => Response.error());
      return mustNotRepeat(request) ? sendOnce(event, records, pages, sending) : sending();
    },
    waitUntil,
  };
}
