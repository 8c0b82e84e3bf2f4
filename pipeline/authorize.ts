import type { Refusal } from "../protocol/messages.ts";
import { authorizedRequest } from "./authorized-request.ts";
import { challengeOf } from "./challenge-of.ts";
import { type Clock, pause } from "./clock.ts";
import { keepBody } from "./kept-body.ts";
import type { NoCorsRequests } from "./no-cors.ts";
import type { RequestMatch } from "./request-matcher.ts";
import type { TokenResult } from "./token-result.ts";

/** The realm in which a request is authorized: a service worker or a page. */
export interface Realm {
  readonly clock: Clock;
  readonly noCors: NoCorsRequests;
  /**
   * Gets a token for the request. Never rejects.
   *
   * @param refusal the token that the resource server refused
   */
  readonly acquireToken: (refusal: Refusal | null) => Promise<TokenResult>;
  /** Fetches as the realm itself would. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Runs `send`, unless that would send a second time a request that must not be sent twice. */
  readonly sendOnce: (request: Request, send: () => Promise<Response>) => Promise<Response>;
  /** Keeps the realm alive until `work` is done. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** A request that has been answered, and how it got there. */
export interface Authorized {
  readonly response: Response;
  /** The source of the token with which it was last sent. */
  readonly token: "memory" | "page" | "none";
  /** Whether the resource server refused the first token. */
  readonly refused: boolean;
  /** Whether it was sent a second time with a new token. */
  readonly replayed: boolean;
  /** Milliseconds spent on getting tokens, before it was sent and before it was replayed. */
  readonly tokenTime: number;
}

/** How many milliseconds a response waits for a new token that only the next request can use. */
const RENEWED_WITHIN = 2_000;

/**
 * The main path of a request that the map names: get a token, send the request, look at the response, and replay the
 * request once if the resource server refused the token.
 *
 * @throws TypeError, as `fetch` does, when no token can be had now or the network fails
 */
export async function authorize(request: Request, match: RequestMatch, realm: Realm): Promise<Authorized> {
  const { clock, noCors } = realm;
  let tokenTime = 0;
  const waitFor = async <Result>(wait: Promise<Result>): Promise<Result> => {
    const startedAt = clock.elapsed();
    const result = await wait;
    tokenTime += clock.elapsed() - startedAt;
    return result;
  };
  const send = (accessToken: string, sent: Request): Promise<Response> =>
    realm.sendOnce(sent, () =>
      sent.mode === "no-cors"
        ? noCors.send(sent, accessToken, match, realm.fetch)
        : realm.fetch(authorizedRequest(sent, accessToken, match)),
    );
  const sendBare = async (): Promise<Authorized> => {
    const response = await realm.sendOnce(request, () => realm.fetch(request));
    return { response, token: "none", refused: false, replayed: false, tokenTime };
  };

  if (request.mode === "no-cors" && noCors.areBare(match)) return await sendBare();
  const first = await waitFor(realm.acquireToken(null));
  if (first.type === "unavailable") throw new TypeError("Failed to fetch: no access token can be had now");
  if (first.type === "bare") return await sendBare();

  const kept = keepBody(request);
  const response = await send(first.accessToken, request);
  const challenge = challengeOf(request, response);
  const refused = challenge !== null;
  const answered = (): Authorized => ({ response, token: first.from, refused, replayed: false, tokenTime });
  if (challenge === null) return answered();

  const renewal = realm.acquireToken({ challenge, accessToken: first.accessToken });
  realm.waitUntil(renewal);
  const again = await kept();
  if (!again) {
    // The next request has the new token, unless the user has to act for it.
    await waitFor(Promise.race([renewal, pause(clock, RENEWED_WITHIN)]));
    return answered();
  }
  const second = await waitFor(renewal);
  if (second.type !== "token") return answered();
  const replayed = await send(second.accessToken, again);
  return { response: replayed, token: second.from, refused, replayed: true, tokenTime };
}
