import { createHash } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { calculateJwkThumbprint, createRemoteJWKSet, customFetch, EmbeddedJWK, jwtVerify } from "jose";
import type { Certificate } from "../dev/loopback-certificate.ts";
import { trustingFetch } from "../dev/trusting-fetch.ts";

/**
 * The API of the benchmark. `/api/…` refuses requests without a token of the provider's, `/open/…` gives every request the
 * same answer. The query's `bytes` sets the size of the answer, `after` delays it by milliseconds. The API checks a token's
 * signature once and remembers the result, so that its own time is small beside a worker's. It checks each
 * DPoP proof: signature, key, method, URL, access token and time, and that the proof has not come before.
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
/** By how many seconds a proof may be old, or ahead of this clock. */
const RECENT = 60;
const PIECE = Buffer.alloc(262_144, "bearer-worker ");

/** Creates the API at an origin. It accepts tokens that `issuer` signs with the keys at `jwksUrl`. */
export function createBenchApi(
  origin: string,
  issuer: string,
  jwksUrl: string,
  certificate?: Certificate,
): BenchApi {
  const keys = createRemoteJWKSet(
    new URL(jwksUrl),
    certificate && { [customFetch]: trustingFetch(certificate) },
  );
  const counts = new Map<string, Counts>();
  const known = new Map<string, { readonly end: number; readonly boundTo: string | undefined }>();
  const proofs = new Set<string>();

  const countsOf = (subject: string): Counts => {
    const found = counts.get(subject) ?? { admitted: 0, bare: 0, refused: 0 };
    counts.set(subject, found);
    return found;
  };

  async function isValid(scheme: string, token: string, request: IncomingMessage): Promise<boolean> {
    try {
      let found = known.get(token);
      if (!found) {
        const { payload } = await jwtVerify(token, keys, { issuer, audience: "api://orders" });
        const { jkt } = (payload["cnf"] ?? {}) as { readonly jkt?: string };
        found = { end: (payload.exp ?? 0) * 1_000, boundTo: jkt };
        known.set(token, found);
      }
      const { end, boundTo } = found;
      const hasScheme = scheme === (boundTo === undefined ? "Bearer" : "DPoP");
      return (
        Date.now() < end && hasScheme && (boundTo === undefined || (await isProven(request, token, boundTo)))
      );
    } catch {
      return false;
    }
  }

  /** @throws Error for a proof with a wrong signature */
  async function isProven(
    { headers, method, url = "/" }: IncomingMessage,
    token: string,
    boundTo: string,
  ): Promise<boolean> {
    const { payload, protectedHeader } = await jwtVerify(String(headers["dpop"]), EmbeddedJWK, {
      typ: "dpop+jwt",
      requiredClaims: ["jti", "iat"],
    });
    const isKey = protectedHeader.jwk && (await calculateJwkThumbprint(protectedHeader.jwk)) === boundTo;
    const isNew = !proofs.has(String(payload.jti));
    proofs.add(String(payload.jti));
    const { pathname } = new URL(url, origin);
    const isForRequest = payload["htm"] === method && payload["htu"] === origin + pathname;
    const isForToken = payload["ath"] === createHash("sha256").update(token).digest("base64url");
    const isRecent = Math.abs(Date.now() / 1_000 - (payload.iat ?? 0)) <= RECENT;
    return !!isKey && isNew && isForRequest && isForToken && isRecent;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const [scheme, token] = (request.headers.authorization ?? "").split(" ");
    const count = countsOf(searchParams.get("by") ?? "");
    let outcome: keyof Counts = "bare";
    if (scheme && token) outcome = (await isValid(scheme, token, request)) ? "admitted" : "refused";
    count[outcome]++;

    if (request.method === "POST") for await (const _ of request);
    if (searchParams.has("after")) await pause(Number(searchParams.get("after")));
    response.setHeader("Cache-Control", "no-store");
    if (pathname.startsWith("/api/") && outcome !== "admitted") response.writeHead(401).end();
    else if (searchParams.has("bytes")) await sendBytes(response, Number(searchParams.get("bytes")));
    else response.setHeader("Content-Type", "application/json").end(ORDERS);
  }

  return {
    handle(request, response) {
      answer(request, response).catch((error: unknown) => {
        // A client that leaves while it sends is no failure.
        if (!response.destroyed) console.error(error);
        response.destroy();
      });
    },
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
