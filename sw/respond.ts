import type { ObservedRequest } from "../protocol/messages.ts";
import { ignoredMessages } from "../protocol/read-message.ts";
import { authorizedRequest } from "./authorized-request.ts";
import { serve } from "./long-requests.ts";
import { notifyObservers } from "./observers.ts";
import { observers } from "./page-accounts.ts";
import { challengeOf, keepAside } from "./replay.ts";
import type { RequestMatch } from "./request-matcher.ts";
import { sendOnce } from "./sent-once.ts";
import { acquireToken, type TokenDemand } from "./tokens.ts";
import { fetchUpgraded, isBare } from "./upgraded-request.ts";

/** How a request went, as far as it is not the response's to tell. */
type Course = Pick<ObservedRequest, "token" | "replayed" | "startedAt" | "tokenTime">;

/** A request on its way. */
interface Passage extends TokenDemand {
  readonly event: FetchEvent;
  readonly course: Course;
}

/** How many milliseconds an answer waits for a token that only the next request can use. */
const RENEWED_WITHIN = 2_000;

/** The main path: a request to a protected resource comes in, gains its token, and its response goes out. */
export async function respond(event: FetchEvent, match: RequestMatch): Promise<Response> {
  const { clientId, request } = event;
  const course: Course = { token: "none", replayed: false, startedAt: Date.now(), tokenTime: 0 };

  const served = serve(request.url);
  const response = await send({ event, clientId, request, match, course }).catch(() => Response.error());
  served(response.type === "error" ? 0 : course.replayed ? 2 : 1);

  if (observers.size > 0) {
    const { method, destination, url } = request;
    event.waitUntil(
      notifyObservers(clientId, {
        ...course,
        resource: match.key,
        method,
        url,
        destination,
        status: response.status,
        responseTime: Date.now() - course.startedAt,
        ignoredMessages,
      }),
    );
  }
  return response;
}

async function send(passage: Passage): Promise<Response> {
  const { event, request, match, course } = passage;
  if (isBare(request, match)) return await fetch(request);

  const first = await acquireToken(passage);
  course.tokenTime = Date.now() - course.startedAt;
  if (first === null) return Response.error();

  const kept = keepAside(request);
  const response = await sendWith(first, passage, request);
  const challenge = first && challengeOf(request, response);
  if (!challenge) return response;

  // One replay, whose response is final. Where there can be none, the next request has the new token, unless the user
  // has to act for it.
  const renewal = acquireToken(passage, challenge, first);
  event.waitUntil(renewal);
  const again = await kept();
  const second = await (again ? renewal : Promise.race([renewal, pause(RENEWED_WITHIN)]));
  if (!again || !second) return response;
  course.replayed = true;
  return await sendWith(second, passage, again);
}

/** @param accessToken without any, it goes out as the page made it */
const sendWith = (accessToken: string, { event, match }: Passage, request: Request): Promise<Response> =>
  sendOnce(event, () =>
    !accessToken
      ? fetch(request)
      : request.mode === "no-cors"
        ? fetchUpgraded(request, accessToken, match)
        : fetch(authorizedRequest(request, accessToken)),
  );

const pause = (milliseconds: number): Promise<null> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds, null));
