import type { IncomingMessage, ServerResponse } from "node:http";
import { listenOnLoopback } from "../../dev/loopback-listener.ts";
import { test as base } from "./fixtures.ts";

/** What reached another origin. */
interface Visit {
  readonly method: string;
  readonly path: string;
  /** Whether an Authorization header came along. */
  readonly authorized: boolean;
}

/** A server on an origin that is neither the site's nor the API's, which lets every page read what it answers. */
export interface Elsewhere {
  readonly origin: string;
  readonly visits: readonly Visit[];
  /** Answers a path with something else than 200 and an empty page. */
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

/** Tests that need such a server, closed after each. */
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
