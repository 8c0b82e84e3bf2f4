import type { IncomingMessage, ServerResponse } from "node:http";
import { listenOnLoopback } from "../../dev/loopback-listener.ts";
import { test as base } from "./fixtures.ts";

/** A request that another origin received. */
interface Visit {
  readonly method: string;
  readonly path: string;
  /** Whether the request had an Authorization header. */
  readonly authorized: boolean;
}

/** A server on an origin that is neither the site's nor the API's. Every page may read its responses. */
export interface Elsewhere {
  readonly origin: string;
  readonly visits: readonly Visit[];
  /** Replaces a path's response, which is 200 and an empty page by default. */
  answer(path: string, respond: (response: ServerResponse) => void): void;
  close(): Promise<void>;
}

export async function openElsewhere(): Promise<Elsewhere> {
  const listener = await listenOnLoopback(0);
  const visits: Visit[] = [];
  const answers = new Map<string, (response: ServerResponse) => void>();
  listener.serve((request, response) => {
    const path = request.url ?? "/";
    allowEveryone(request, response);
    if (request.method === "OPTIONS") {
      response.writeHead(204).end();
      return;
    }
    visits.push({
      method: request.method ?? "GET",
      path,
      authorized: request.headers.authorization !== undefined,
    });
    response.setHeader("Content-Type", "text/html");
    const respond = answers.get(path);
    if (respond) respond(response);
    else response.end("<!doctype html><title>elsewhere</title>");
  });
  return {
    origin: listener.origin,
    visits,
    answer: (path, respond) => void answers.set(path, respond),
    close: () => listener.close(),
  };
}

/** Opens such a server for each test, and closes it after the test. */
export const test = base.extend<{ elsewhere: Elsewhere }>({
  elsewhere: async ({}, use) => {
    const elsewhere = await openElsewhere();
    await use(elsewhere);
    await elsewhere.close();
  },
});

function allowEveryone({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Access-Control-Allow-Origin", headers.origin ?? "*");
  response.setHeader("Access-Control-Allow-Credentials", "true");
  response.setHeader("Access-Control-Allow-Headers", "Authorization");
  response.setHeader("Access-Control-Allow-Methods", "GET, POST, PUT");
  response.setHeader("Access-Control-Expose-Headers", "WWW-Authenticate");
}
