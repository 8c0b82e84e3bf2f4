import { readFile } from "node:fs/promises";
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { contentTypeOf, createSiteFiles } from "./site-files.ts";

/** Serves the site: its files, and the routes on its origin. */
export interface StaticHost {
  readonly origin: string;
  /** All requests so far, oldest first. */
  readonly received: readonly SiteRequest[];
  /**
   * Changes the answer for a path. With a status or a body, it replaces the whole response. Otherwise the file is served
   * as usual, with the given headers in addition; an empty string removes a header. The Content-Type follows from the
   * path's ending unless the headers name one. Null removes the override.
   */
  override(path: string, answer: Override | null): void;
  /** Forgets all requests and every override. */
  reset(): void;
  readonly handle: RequestListener;
}

export interface SiteRequest {
  /** Time of arrival, in milliseconds of `Date.now()`. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** The query without the question mark. */
  readonly query: string;
  /** The headers as received, without `authorization`. */
  readonly headers: IncomingHttpHeaders;
  /** Whether the request had an Authorization header. */
  readonly authorized: boolean;
}

export interface Override {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

export interface StaticHostOptions {
  /** Directories with the files; the first hit wins. Relative ones are resolved against the repository's root. */
  readonly roots: readonly string[];
  /** Whether the site is a single-page app, which handles paths without a file itself. Default: false. */
  readonly isSinglePage?: boolean | undefined;
  /** Handlers by path. A key that ends in a slash covers every path below it. */
  readonly routes: Readonly<Record<string, RequestListener>>;
  /** Handles paths without a file and without a route. Default: 404. */
  readonly otherwise?: RequestListener | undefined;
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
    if (!isReplaced && !file)
      return options.otherwise ? options.otherwise(request, response) : notFound(response, path);
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
        if (response.headersSent) response.destroy();
        else response.writeHead(500).end(error instanceof Error ? error.message : String(error));
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
