import type { ObservedRequest } from "../protocol/messages.ts";
import type { ResourceMatch } from "../protocol/resource-matcher.ts";
import { authorizedRequest } from "./authorized-request.ts";
import { notifyObservers } from "./observers.ts";
import { observers } from "./page-accounts.ts";
import { acquireToken } from "./tokens.ts";

/** How a request went, as far as it is not the response's to tell. */
type Course = Pick<ObservedRequest, "token" | "replayed" | "startedAt" | "tokenTime">;

/** The main path: a request to a protected resource comes in, gains its token, and its response goes out. */
export async function respond(event: FetchEvent, match: ResourceMatch): Promise<Response> {
  const { clientId, request } = event;
  const course: Course = { token: "none", replayed: false, startedAt: Date.now(), tokenTime: 0 };

  const response = await send(event, match, course).catch(() => Response.error());

  if (observers.size > 0) {
    const { method, destination, url } = request;
    const { status } = response;
    const responseTime = Date.now() - course.startedAt;
    const observed = { ...course, resource: match.key, method, url, destination, status, responseTime };
    event.waitUntil(notifyObservers(clientId, observed));
  }
  return response;
}

async function send(event: FetchEvent, match: ResourceMatch, course: Course): Promise<Response> {
  const { request } = event;
  const first = await acquireToken({ event, match });
  course.tokenTime = Date.now() - course.startedAt;
  if (!first) return Response.error();
  course.token = first.from;
  if (!first.accessToken) return await fetch(request);
  const response = await fetch(authorizedRequest(request, first.accessToken));

  const challenge = response.status === 401 ? response.headers.get("WWW-Authenticate") : null;
  const second = challenge ? await acquireToken({ event, match }, challenge, first.accessToken) : null;
  // One replay, whose response is final. A body has been streamed away by now.
  if (!second?.accessToken || (request.method !== "GET" && request.method !== "HEAD")) return response;
  course.replayed = true;
  course.token = second.from;
  return await fetch(authorizedRequest(request, second.accessToken));
}
