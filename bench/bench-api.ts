import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { createRemoteJWKSet, jwtVerify } from "jose";

/**
 * The API of the benchmark. `/api/…` refuses requests without a token of the provider's, `/open/…` gives every request the
 * same answer. The query's `bytes` sets the size of the answer, `after` delays it by milliseconds. The API checks a token's
 * signature once and remembers the result, so that its own time is small beside a worker's.
 */
export interface BenchApi {
  readonly handle: RequestListener;
  /** Returns the counts of a subject's requests since the last call, and resets them. */
  take(subject: string): Counts;
}

/** The number of requests with a valid token, without a token, and with an invalid one. */
export interface Counts {
  admitted: number;
  bare: number;
  refused: number;
}

const ORDERS = JSON.stringify({
  orders: [
    { id: 4711, customer: "Northwind", total: 129.9, state: "open" },
    { id: 4712, customer: "Contoso", total: 89, state: "shipped" },
    { id: 4713, customer: "Fabrikam", total: 420.5, state: "open" },
  ],
});
const PIECE = Buffer.alloc(262_144, "bearer-worker ");

/** Creates the API. It accepts tokens that `issuer` signs with the keys at `jwksUrl`. */
export function createBenchApi(issuer: string, jwksUrl: string): BenchApi {
  const keys = createRemoteJWKSet(new URL(jwksUrl));
  const counts = new Map<string, Counts>();
  const known = new Map<string, number>();

  const countsOf = (subject: string): Counts => {
    const found = counts.get(subject) ?? { admitted: 0, bare: 0, refused: 0 };
    counts.set(subject, found);
    return found;
  };

  async function isValid(token: string): Promise<boolean> {
    const end = known.get(token);
    if (end !== undefined) return Date.now() < end;
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience: "api://orders" });
      known.set(token, (payload.exp ?? 0) * 1_000);
      return true;
    } catch {
      return false;
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const [scheme, token] = (request.headers.authorization ?? "").split(" ");
    const count = countsOf(searchParams.get("by") ?? "");
    let outcome: keyof Counts = "bare";
    if (scheme === "Bearer" && token) outcome = (await isValid(token)) ? "admitted" : "refused";
    count[outcome]++;

    if (request.method === "POST") for await (const _ of request);
    if (searchParams.has("after")) await pause(Number(searchParams.get("after")));
    response.setHeader("Cache-Control", "no-store");
    if (pathname.startsWith("/api/") && outcome !== "admitted") response.writeHead(401).end();
    else if (searchParams.has("bytes")) await sendBytes(response, Number(searchParams.get("bytes")));
    else response.setHeader("Content-Type", "application/json").end(ORDERS);
  }

  return {
    handle: (request, response) => void answer(request, response),
    take(subject) {
      const taken = countsOf(subject);
      counts.delete(subject);
      return taken;
    },
  };
}

async function sendBytes(response: ServerResponse, bytes: number): Promise<void> {
  response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": bytes });
  for (let left = bytes; left > 0; left -= PIECE.length) {
    const piece = left < PIECE.length ? PIECE.subarray(0, left) : PIECE;
    if (!response.write(piece)) await new Promise((resolve) => response.once("drain", resolve));
  }
  response.end();
}
