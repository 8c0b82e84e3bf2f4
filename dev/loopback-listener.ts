import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Certificate } from "./loopback-certificate.ts";

/** The default port of the site for `npm start`. */
export const DEFAULT_PORT = 4280;

/** A port of `localhost`, open on IPv4 and, if the machine has it, on IPv6. */
export interface LoopbackListener {
  readonly origin: string;
  /**
   * Answers with `handler` from now on. Earlier requests get no answer. Requests whose target is no URL, such as `//`, get a
   * 400.
   */
  serve(handler: RequestListener): void;
  /**
   * Closes the port and every open connection at once.
   *
   * @returns a function that opens the same port again, with the same handlers
   */
  goDown(): Promise<() => Promise<void>>;
  /** Closes the port and every open connection for good. */
  close(): Promise<void>;
}

const ATTEMPTS_FOR_A_FREE_PORT = 20;

/**
 * Opens `port` on the loopback interfaces only. Port 0 stands for any free port.
 *
 * @param certificate makes it https
 * @throws Error that names the port, when the port is taken
 */
export async function listenOnLoopback(port: number, certificate?: Certificate): Promise<LoopbackListener> {
  const attempts = port === 0 ? ATTEMPTS_FOR_A_FREE_PORT : 1;
  for (let attempt = 1; ; attempt++) {
    try {
      return listener(await openBothFamilies(port, certificate), certificate ? "https" : "http");
    } catch (error) {
      if (!isTaken(error)) throw error;
      if (attempt === attempts)
        throw new Error(`Port ${port} is taken. Set PORT to another one.`, { cause: error });
    }
  }
}

function listener(servers: readonly [Server, ...Server[]], scheme: "http" | "https"): LoopbackListener {
  const origin = `${scheme}://localhost:${portOf(servers[0])}`;
  return {
    origin,
    serve(handler) {
      const answer: RequestListener = (request, response) => {
        if (URL.canParse(request.url ?? "/", origin)) handler(request, response);
        else response.writeHead(400).end();
      };
      for (const server of servers) server.on("request", answer);
    },
    async goDown() {
      const reopen = servers.map((server) => {
        const { port, address } = server.address() as AddressInfo;
        return () => listen(server, port, address);
      });
      await Promise.all(servers.map(closeServer));
      return async () => void (await Promise.all(reopen.map((again) => again())));
    },
    async close() {
      await Promise.all(servers.map(closeServer));
    },
  };
}

/** Browsers may try either address of `localhost` first, so both must answer, on the same port. */
async function openBothFamilies(
  port: number,
  certificate: Certificate | undefined,
): Promise<[Server, ...Server[]]> {
  const ipv4 = await open(port, "127.0.0.1", certificate);
  try {
    return [ipv4, await open(portOf(ipv4), "::1", certificate)];
  } catch (error) {
    if (hasNoIpv6(error)) return [ipv4];
    await closeServer(ipv4);
    throw error;
  }
}

async function open(port: number, host: string, certificate: Certificate | undefined): Promise<Server> {
  // Longer than a test lasts: a connection that closes while the browser reuses it looks like a network error.
  const options = { keepAliveTimeout: 120_000 };
  const server = certificate ? createTlsServer({ ...options, ...certificate }) : createServer(options);
  await listen(server, port, host);
  return server;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function isTaken(error: unknown): boolean {
  return codeOf(error) === "EADDRINUSE";
}

function hasNoIpv6(error: unknown): boolean {
  return ["EADDRNOTAVAIL", "EAFNOSUPPORT"].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
