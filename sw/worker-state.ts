import { systemClock } from "../pipeline/clock.ts";
import { DpopServers } from "../pipeline/dpop-servers.ts";
import { NoCorsRequests } from "../pipeline/no-cors.ts";
import { Successors } from "../pipeline/successors.ts";
import { Accounts } from "./accounts.ts";
import { createAskPage } from "./ask-page.ts";
import { ClientRecords } from "./clients.ts";
import { FirefoxKeepAlive } from "./firefox-keep-alive.ts";
import { OpenPages } from "./open-pages.ts";
import { isOwnRequestLock } from "./request-locks.ts";
import { Tokens } from "./tokens.ts";
import { WorkerMaps } from "./worker-maps.ts";

declare const self: ServiceWorkerGlobalScope;

/** Puts together everything that a worker remembers while it lives. It is gone when the browser stops the worker. */
function createWorkerState(clients: Clients, scope: string) {
  const askPage = createAskPage(clients, systemClock);
  const pages = new OpenPages(clients, scope);
  const maps = new WorkerMaps();
  const records = new ClientRecords(clients, (map) => maps.compare(map), isOwnRequestLock);
  const accounts = new Accounts(records, pages, askPage, systemClock);
  const successors = new Successors(systemClock);
  const tokens = new Tokens(records, accounts, pages, askPage, systemClock);
  const noCors = new NoCorsRequests(systemClock);
  const dpopServers = new DpopServers(systemClock);
  const keepAlive = new FirefoxKeepAlive(pages, systemClock);
  return { maps, pages, records, tokens, successors, noCors, dpopServers, keepAlive };
}

export type WorkerState = ReturnType<typeof createWorkerState>;

let state: WorkerState | undefined;

/** The state of this worker. It is created by the first call, so that a server that imports this module needs no worker. */
export const workerState = (): WorkerState =>
  (state ??= createWorkerState(self.clients, self.registration.scope));
