import { listenOnLoopback } from "../../dev/loopback-listener.ts";

/** A server of another party that would take any token. CORS lets every page and every header in. */
export interface ForeignServer {
  readonly origin: string;
  /** The requests that arrived, without preflights. */
  readonly received: readonly { authorized: boolean }[];
  close(): Promise<void>;
}

export async function openForeignServer(): Promise<ForeignServer> {
  const listener = await listenOnLoopback(0);
  const received: { authorized: boolean }[] = [];
  listener.serve((request, response) => {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Methods", "GET, POST");
    response.setHeader("Access-Control-Allow-Headers", "Authorization, Content-Type");
    if (request.method !== "OPTIONS") received.push({ authorized: "authorization" in request.headers });
    response.end();
  });
  return { origin: listener.origin, received, close: () => listener.close() };
}
