import { systemClock } from "../pipeline/clock.ts";
import { NoCorsRequests } from "../pipeline/no-cors.ts";
import { Accounts } from "./accounts.ts";
import { createAskPage } from "./ask-page.ts";
import { ClientRecords } from "./clients.ts";
import { FirefoxKeepAlive } from "./firefox-keep-alive.ts";
import { OpenPages } from "./open-pages.ts";
import { Tokens } from "./tokens.ts";

declare const self: ServiceWorkerGlobalScope;

/** Everything that this worker remembers while it lives. It is gone when the browser stops the worker. */
const { clients } = self;
const askPage = createAskPage(clients, systemClock);

export const pages = new OpenPages(clients, self.registration.scope);
export const records = new ClientRecords(clients);
const accounts = new Accounts(records, pages, askPage, systemClock);
export const tokens = new Tokens(records, accounts, pages, askPage, systemClock);
export const noCors = new NoCorsRequests(systemClock);
export const keepAlive = new FirefoxKeepAlive(pages, systemClock);
