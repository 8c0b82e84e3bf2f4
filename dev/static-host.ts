import { readFile } from "node:fs/promises";
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { contentTypeOf, createSiteFiles } from "./site-files.ts";

/** Serves the site: its files, and whatever else lives on its origin. */
export interface StaticHost {
  readonly origin: string;
  /** What came so far, oldest first. */
  readonly received: readonly SiteRequest[];
  /**
   * Answers a path differently: with a whole response when there is a status or a body, else with the file as always,
   * and these headers besides (an empty string removes one). The Content-Type is by how the path ends, unless they name
   * one. Null ends it.
   */
  override(path: string, answer: Override | null): void;
  /** Forgets what came and every override. */
  reset(): void;
  readonly handle: RequestListener;
}

export interface SiteRequest {
  /** When it came, in milliseconds of `Date.now()`. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** As received, without `authorization`. */
  readonly headers: IncomingHttpHeaders;
  /** Whether an Authorization header came along. */
  readonly authorized: boolean;
}

export interface Override {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

export interface StaticHostOptions {
  /** Directories to look for files in, the first hit wins; relative ones are taken from the repository's root. */
  readonly roots: readonly string[];
  /** Whether paths that have no file are those of a single page, which finds its way by itself. Default: false. */
  readonly isSinglePage?: boolean | undefined;
  /** Handlers of whole paths and, when the key ends in a slash, of everything below it. */
  readonly routes: Readonly<Record<string, RequestListener>>;
}

/** Creates the host of the site at `origin`. */
export function createStaticHost(origin: string, options: StaticHostOptions): StaticHost {
  const findFile = createSiteFiles(options.roots, options.isSinglePage ?? false);
  const routes = Object.entries(options.routes);
  const received: SiteRequest[] = [];
  const overrides = new Map<string, Override>();

  async function answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const { status, headers = {}, body } = overrides.get(path) ?? {};
    const isReplaced = status !== undefined || body !== undefined;
    const route = routes.find(([key]) => (key.endsWith("/") ? path.startsWith(key) : path === key));
    if (!isReplaced && route) return route[1](request, response);

    const file = isReplaced ? undefined : await findFile(path);
    if (!isReplaced && !file) return notFound(response, path);
    setHeaders(response, {
      "Cache-Control": "no-cache",
      "Content-Type": contentTypeOf(file ?? path),
      ...headers,
    });
    response.statusCode = status ?? 200;
    response.end(file ? await readFile(file) : body);
  }

  return {
    origin,
    received,
    override(path, change) {
      if (change) overrides.set(path, change);
      else overrides.delete(path);
    },
    reset() {
      received.length = 0;
      overrides.clear();
    },
    handle(request, response) {
      const url = new URL(request.url ?? "/", origin);
      received.push(siteRequest(request, url));
      answer(request, response, url.pathname).catch((error: unknown) => {
        response.writeHead(500).end(error instanceof Error ? error.message : String(error));
      });
    },
  };
}

function notFound(response: ServerResponse, path: string): void {
  response.writeHead(404, { "Content-Type": "text/plain", "Cache-Control": "no-cache" });
  response.end(`There is no ${path} here.\n`);
}

function setHeaders(response: ServerResponse, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value === "") response.removeHeader(name);
    else response.setHeader(name, value);
  }
}

function siteRequest(request: IncomingMessage, { pathname, search }: URL): SiteRequest {
  const { authorization, ...headers } = request.headers;
  return {
    at: Date.now(),
    method: request.method ?? "GET",
    path: pathname,
    query: search.slice(1),
    headers,
    authorized: authorization !== undefined,
  };
}
