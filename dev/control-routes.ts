import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

/** A server's functions for the demo page, by method and path below `/_control`: `"POST /reset"`. */
export type ControlRoutes = Record<string, (input: Record<string, unknown>) => unknown>;

const PREFIX = "/_control";

/** A name of this machine. Another site's name can lead here as well, once its owner points it at 127.0.0.1. */
const LOCAL_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;
const LOCAL_ORIGIN = /^https?:\/\/localhost(?::\d+)?$/;

/** Whether a request is for the server's control routes. */
export function isControlRequest(request: IncomingMessage): boolean {
  return request.url?.startsWith(`${PREFIX}/`) ?? false;
}

/**
 * Calls the route with the JSON object of the body, and answers with the route's result as JSON. Answers 403 to pages that
 * do not come from this machine.
 */
export function answerControlRequest(
  routes: ControlRoutes,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  control(routes, request, response).catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
}

async function control(
  routes: ControlRoutes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { host = "", origin } = request.headers;
  if (!LOCAL_HOST.test(host) || (origin !== undefined && !LOCAL_ORIGIN.test(origin)))
    return answer(response, 403, { error: "Only pages of localhost may use the controls." });
  if (origin !== undefined) allowOrigin(origin, response);
  if (request.method === "OPTIONS") return void response.writeHead(204).end();

  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const route = routes[`${request.method} ${pathname.slice(PREFIX.length)}`];
  if (!route)
    return answer(response, 404, {
      error: "There is no such control. See controls for those that exist.",
      controls: Object.keys(routes),
    });
  try {
    answer(response, 200, (await route(await readJson(request))) ?? {});
  } catch (error) {
    answer(response, 400, { error: error instanceof Error ? error.message : String(error) });
  }
}

/** A text in the input of a control route; undefined if it is missing. */
export function optionalText(input: Record<string, unknown>, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || typeof value === "string") return value;
  throw new TypeError(`The field "${name}" takes a string.`);
}

/** A number in the input of a control route; undefined if it is missing. */
export function optionalNumber(input: Record<string, unknown>, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || typeof value === "number") return value;
  throw new TypeError(`The field "${name}" takes a number.`);
}

function allowOrigin(origin: string, response: ServerResponse): void {
  response.setHeader("Access-Control-Allow-Origin", origin);
  response.setHeader("Access-Control-Allow-Methods", "GET, POST, PATCH");
  response.setHeader("Access-Control-Allow-Headers", "Content-Type");
  response.setHeader("Vary", "Origin");
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await text(request);
  const value: unknown = body === "" ? {} : JSON.parse(body);
  if (typeof value !== "object" || value === null)
    throw new TypeError("The request body must be a JSON object.");
  return { ...value };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  response.end(JSON.stringify(body));
}
