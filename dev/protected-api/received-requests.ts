import { createHash } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import type { VerifiedToken } from "./bearer-token.ts";
import type { AcceptedProof } from "./dpop-proof.ts";

/** A request as the API received it, for tests to assert on. It never holds the token itself. */
export interface ReceivedRequest {
  /** Time of arrival, in milliseconds of `Date.now()`. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** The query without the question mark. */
  readonly query: string;
  /** The headers as received, without `authorization` and `dpop`. */
  readonly headers: IncomingHttpHeaders;
  /** `"none"`, `"bearer"` or the name of another scheme. */
  readonly authorization: string;
  /** The token's claims, once it is accepted for the path's audience. */
  token: VerifiedToken | null;
  /** The accepted proof of a DPoP token. */
  proof: AcceptedProof | null;
  /** The reason for which a token or its proof was refused. */
  refusal: string | null;
  /** Length and hash of the body, once it is complete. */
  body: BodyDigest | null;
  /** Status of the answer, once it has begun. */
  readonly status: number | null;
  /** Time at which the answer or the connection ended, in milliseconds of `Date.now()`. */
  endedAt: number | null;
}

/** Before measuring, a form's random boundary is replaced by a fixed word. */
export interface BodyDigest {
  readonly bytes: number;
  /** The hash in hexadecimal. */
  readonly sha256: string;
}

/** A CORS preflight. It never carries a token. */
export interface ReceivedPreflight {
  readonly at: number;
  readonly path: string;
  readonly method: string;
  readonly headers: readonly string[];
}

/** Creates the entry of a request, before its token and body are checked. */
export function receivedRequest(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  scheme: string,
): ReceivedRequest {
  const { authorization: _secret, dpop: _proof, ...headers } = request.headers;
  const entry: ReceivedRequest = {
    at: Date.now(),
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.search.slice(1),
    headers,
    authorization: scheme,
    token: null,
    proof: null,
    refusal: null,
    body: null,
    get status() {
      return response.headersSent ? response.statusCode : null;
    },
    endedAt: null,
  };
  response.once("close", () => (entry.endedAt = Date.now()));
  return entry;
}

export function receivedPreflight(request: IncomingMessage, url: URL): ReceivedPreflight {
  return {
    at: Date.now(),
    path: url.pathname,
    method: request.headers["access-control-request-method"] ?? "",
    headers: (request.headers["access-control-request-headers"] ?? "")
      .split(",")
      .filter((name) => name !== ""),
  };
}

/** Reads a body to its end, and keeps only its length and hash. */
export async function digestBody(request: IncomingMessage): Promise<BodyDigest> {
  const [, boundary] =
    /^multipart\/form-data; *boundary=([\w'()+,./:=?-]+)/.exec(request.headers["content-type"] ?? "") ?? [];
  if (boundary !== undefined) return digestForm(await buffer(request), boundary);
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}

function digestForm(form: Buffer, boundary: string): BodyDigest {
  const content = form.toString("latin1").replaceAll(boundary, "boundary");
  return { bytes: content.length, sha256: createHash("sha256").update(content, "latin1").digest("hex") };
}
