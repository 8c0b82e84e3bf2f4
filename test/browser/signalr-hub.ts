import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { listenOnLoopback } from "../../dev/loopback-listener.ts";

/** A hub that speaks SignalR's JSON protocol over server-sent events and long polling, and wants a token. */
export interface SignalrHub {
  readonly origin: string;
  /** Each request but preflights: the method, the path and how it was authorized. */
  readonly received: readonly string[];
  close(): Promise<void>;
}

/** Ends each message of SignalR's JSON protocol. */
const SEPARATOR = "\x1e";
const TRANSPORTS = ["ServerSentEvents", "LongPolling"].map((transport) => ({
  transport,
  transferFormats: ["Text"],
}));

/** The messages that the hub understands: the handshake, and a call. */
interface Message {
  readonly protocol?: string;
  readonly type?: number;
  readonly invocationId?: string;
  readonly arguments?: readonly unknown[];
}

/** Starts a hub for one connection. It answers each call with the call's first argument. */
export async function startSignalrHub(): Promise<SignalrHub> {
  const listener = await listenOnLoopback(0);
  const received: string[] = [];
  const queue: string[] = [];
  let stream: ServerResponse | null = null;
  let poll: ServerResponse | null = null;
  let polls = 0;

  const deliver = (message: object): void => {
    queue.push(`${JSON.stringify(message)}${SEPARATOR}`);
    flush();
  };
  const flush = (): void => {
    if (queue.length === 0) return;
    if (stream) for (const message of queue.splice(0)) stream.write(`data: ${message}\r\n\r\n`);
    else if (poll) {
      poll.end(queue.splice(0).join(""));
      poll = null;
    }
  };
  const answerCall = ({ protocol, type, invocationId, arguments: [argument] = [] }: Message): void => {
    if (protocol) deliver({});
    else if (type === 1) deliver({ type: 3, invocationId, result: argument });
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    allowOrigin(request, response);
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    const [path] = (request.url ?? "").split("?");
    const { authorization = "none", accept = "" } = request.headers;
    received.push(`${request.method} ${path} ${authorization.split(" ")[0]?.toLowerCase()}`);
    if (!authorization.startsWith("Bearer ey")) return void response.writeHead(401).end();
    if (path === "/hub/negotiate") {
      const connection = { connectionId: "1", connectionToken: "1", negotiateVersion: 1 };
      response.setHeader("Content-Type", "application/json");
      return void response.end(JSON.stringify({ ...connection, availableTransports: TRANSPORTS }));
    }
    if (request.method === "DELETE") {
      poll?.writeHead(204).end();
      return void response.writeHead(202).end();
    }
    if (request.method === "POST") {
      const messages = (await text(request)).split(SEPARATOR).filter(Boolean);
      response.end();
      return messages.forEach((message) => answerCall(JSON.parse(message) as Message));
    }
    if (accept.includes("text/event-stream")) {
      response.writeHead(200, { "Content-Type": "text/event-stream" }).write(":\r\n\r\n");
      stream = response;
    } else {
      polls += 1;
      // The first poll only opens the connection.
      if (polls === 1) return void response.end();
      poll = response;
    }
    flush();
  }

  listener.serve((request, response) => void answer(request, response));
  return { origin: listener.origin, received, close: () => listener.close() };
}

function allowOrigin({ headers }: IncomingMessage, response: ServerResponse): void {
  const allowed = {
    Origin: headers.origin ?? "*",
    Credentials: "true",
    Headers: "authorization, cache-control, content-type, x-requested-with, x-signalr-user-agent",
    Methods: "GET, POST, DELETE",
  };
  for (const [name, value] of Object.entries(allowed))
    response.setHeader(`Access-Control-Allow-${name}`, value);
  response.setHeader("Cache-Control", "no-store");
}
