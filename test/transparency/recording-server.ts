import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { listenOnLoopback } from "../../dev/loopback-listener.ts";
import { createStaticHost } from "../../dev/static-host.ts";
import { type Answer, readPath, type Origin } from "./answer.ts";
import { describeBytes } from "./describe-bytes.ts";
import { createGates } from "./gates.ts";
import { sendAnswer } from "./send-answer.ts";

/** One request as the server received it. Preflights are not recorded. */
export interface RecordedRequest {
  readonly origin: Origin;
  readonly method: string;
  readonly url: string;
  /** Names and values as on the wire, without the token of this check. */
  readonly headers: readonly (readonly [string, string])[];
  /** Whether the token of this check came along. */
  readonly authorized: boolean;
  /** `null` until it is complete. */
  body: string | null;
  /** How it ended; `null` before. */
  outcome: "answered" | "given up by the browser" | null;
}

/** Serves the page of the check on its `site` origin. Records and answers the requests of the variants on three origins. */
export interface RecordingServer {
  readonly origins: Readonly<Record<Origin | "gates", string>>;
  /** By variant, in the order of their arrival. */
  readonly received: ReadonlyMap<string, readonly RecordedRequest[]>;
  /** Forgets the recorded requests. */
  reset(): void;
  close(): Promise<void>;
}

/** @param accessToken is not recorded, since attaching it is the worker's purpose */
export async function startRecordingServer(accessToken: string): Promise<RecordingServer> {
  const listeners = [
    await listenOnLoopback(0),
    await listenOnLoopback(0),
    await listenOnLoopback(0),
  ] as const;
  const [site, other, gatesListener] = listeners;
  const origins = {
    site: site.origin,
    other: other.origin,
    // The same server under a name that counts as another site.
    far: other.origin.replace("localhost", "127.0.0.1"),
    gates: gatesListener.origin,
  };
  const received = new Map<string, RecordedRequest[]>();
  const gates = createGates((id) => received.get(id) ?? []);
  const host = createStaticHost(site.origin, { roots: ["test/transparency/site", "dist"], routes: {} });

  const record = (request: IncomingMessage, response: ServerResponse, id: string): RecordedRequest => {
    const { rawHeaders, method = "", url = "", headers } = request;
    const pairs = rawHeaders.flatMap((name, i) => (i % 2 ? [] : [[name, rawHeaders[i + 1] ?? ""] as const]));
    const isToken = (name: string, value: string): boolean =>
      name.toLowerCase() === "authorization" && value === `Bearer ${accessToken}`;
    const origin = originOf(headers.host, origins);
    const recorded: RecordedRequest = {
      origin,
      method,
      url,
      headers: pairs.filter((pair) => !isToken(...pair)),
      authorized: pairs.some((pair) => isToken(...pair)),
      body: null,
      outcome: null,
    };
    received.set(id, [...(received.get(id) ?? []), recorded]);
    response.once("close", () => {
      recorded.outcome ??= response.writableFinished ? "answered" : "given up by the browser";
      gates.look();
    });
    return recorded;
  };

  const handle: RequestListener = (request, response) => {
    const url = new URL(request.url ?? "/", site.origin);
    const read = readPath(url);
    if (!read) return host.handle(request, response);
    const { id, answer } = read;
    // A date would differ from run to run.
    response.sendDate = false;
    allow(request, response, answer, origins.site);
    if (request.headers["access-control-request-method"]) return response.writeHead(204).end();
    const recorded = record(request, response, id);
    gates.look();
    buffer(request)
      .then(async (body) => {
        recorded.body = describeBytes(body, request.headers["content-type"]);
        const breakOff = (): void => {
          recorded.outcome = "answered";
          response.destroy();
        };
        await sendAnswer(request, response, { id, answer, origins, gates, breakOff });
      })
      .catch((error: unknown) => {
        recorded.body ??= "broken off";
        if (!response.destroyed) console.error(error);
      });
    return undefined;
  };
  for (const listener of [site, other]) listener.serve(handle);
  gatesListener.serve(gates.handle);

  return {
    origins,
    received,
    reset() {
      received.clear();
      gates.reset();
    },
    async close() {
      await Promise.all(listeners.map((listener) => listener.close()));
    },
  };
}

function originOf(host: string | undefined, origins: RecordingServer["origins"]): Origin {
  const names = ["site", "other", "far"] as const;
  return names.find((name) => new URL(origins[name]).host === host) ?? "site";
}

function allow(request: IncomingMessage, response: ServerResponse, answer: Answer, site: string): void {
  const { cors = "pages" } = answer;
  const { origin } = request.headers;
  if (cors === "nobody" || !origin) return;
  // A redirect across origins makes the origin opaque.
  response.setHeader(
    "Access-Control-Allow-Origin",
    cors === "anyone" ? "*" : origin === "null" ? "null" : site,
  );
  if (cors === "pages") response.setHeader("Access-Control-Allow-Credentials", "true");
  if (!request.headers["access-control-request-method"]) return;
  const asked = request.headers["access-control-request-headers"] ?? "";
  response.setHeader("Access-Control-Allow-Headers", answer.anyHeader ? "*" : asked);
  response.setHeader("Access-Control-Allow-Methods", request.headers["access-control-request-method"]);
}
