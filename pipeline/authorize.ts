import type { Refusal } from "../protocol/questions.ts";
import type { ProofProblem } from "../protocol/request-notices.ts";
import { authorizedRequest } from "./authorized-request.ts";
import { challengeOf, isOfOrigin, proofProblemOf } from "./challenge-of.ts";
import { type Clock, pause } from "./clock.ts";
import { type CredentialParts, credentialsFor } from "./credentials.ts";
import { canReplaceProof } from "./dpop-servers.ts";
import { keepBody } from "./kept-body.ts";
import type { NoCorsRequests } from "./no-cors.ts";
import type { RequestMatch } from "./request-matcher.ts";
import type { Successors } from "./successors.ts";
import type { Credentials, TokenResult } from "./token-result.ts";

/** The realm in which a request is authorized: a service worker or a page. */
export interface Realm extends CredentialParts {
  readonly clock: Clock;
  readonly noCors: NoCorsRequests;
  readonly successors: Successors;
  /**
   * Gets a token for the request. Never rejects.
   *
   * @param refusal the token that the resource server refused; the new one is of the same account
   */
  readonly acquireToken: (refusal: Refusal | null) => Promise<TokenResult>;
  /** Hears that the resource server refused a proof, and whether the request is sent again with another one. */
  readonly noteProof: (problem: ProofProblem, isReplayed: boolean) => void;
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
  /** Whether it was sent again with a new token. */
  readonly replayed: boolean;
  /** Whether it was sent again with another proof. */
  readonly proofReplaced?: boolean;
  /** Milliseconds spent on getting tokens, before it was sent and before it was replayed. */
  readonly tokenTime: number;
}

/**
 * How many milliseconds a refused response waits for the end of the request's body, and for a new token that only the next
 * request can use.
 */
const REPLAYED_WITHIN = 2_000;

/**
 * The main path of a request that the map names: get a token, send the request, look at the response, and replay the
 * request once if the resource server refused the token. A refused proof of a DPoP token is replaced once, too, and does not
 * count for the token.
 *
 * @throws TypeError, as `fetch` does, when no token can be had now or the network fails
 */
export async function authorize(request: Request, match: RequestMatch, realm: Realm): Promise<Authorized> {
  const { clock, noCors, successors } = realm;
  const course: Course = { refused: false, replayed: false, tokenTime: 0 };
  const waitFor = async <Result>(wait: Promise<Result>): Promise<Result> => {
    const startedAt = clock.elapsed();
    const result = await wait;
    course.tokenTime += clock.elapsed() - startedAt;
    return result;
  };
  const sendBare = async (): Promise<Authorized> => {
    const response = await realm.sendOnce(request, () => realm.fetch(request));
    return { response, token: "none", ...course };
  };

  if (request.mode === "no-cors" && noCors.areBare(match)) return await sendBare();
  const first = await waitFor(realm.acquireToken(null));
  if (first.type === "unavailable") throw unavailable();
  if (first.type === "bare") return await sendBare();

  let token = first;
  /** When the request was last sent, in milliseconds since the epoch. */
  let sentAt = 0;
  /** Whether it was last sent with its token. */
  let hasToken = true;
  const newCredentials = (sent: Request): Promise<Credentials | null> =>
    waitFor(credentialsFor(sent, token, match, realm));
  /** New credentials of the account that the request was first sent for. A page that has switched signs for another one. */
  const sameCredentials = async (sent: Request): Promise<Credentials | null> => {
    const credentials = await newCredentials(sent);
    return credentials?.account === token.account ? credentials : null;
  };
  const send = async (sent: Request, prepared: Credentials): Promise<Response> => {
    const { accessToken, account } = prepared;
    token = { ...token, accessToken, account };
    let unused: Credentials | null = prepared;
    // A request without CORS may take several attempts. A proof counts for one.
    const next = async (attempt: Request): Promise<Credentials> => {
      const fitting = attempt.method === sent.method ? unused : null;
      if (fitting) unused = null;
      const credentials = fitting ?? (await sameCredentials(attempt));
      if (credentials) return credentials;
      throw unavailable();
    };
    sentAt = clock.now();
    const response = await realm.sendOnce(sent, async () =>
      sent.mode === "no-cors"
        ? await noCors.send(sent, next, match, (attempt) => {
            hasToken = attempt.headers.has("Authorization");
            return realm.fetch(attempt);
          })
        : await realm.fetch(authorizedRequest(sent, prepared, match)),
    );
    if (token.signer && isOfOrigin(response, sent)) realm.dpopServers.noteNonce(match.server, response);
    return response;
  };

  const kept = keepBody(request);
  const prepared = await newCredentials(request);
  if (!prepared) throw unavailable();
  let response = await send(request, prepared);
  const answered = (): Authorized => ({ response, token: hasToken ? token.from : "none", ...course });

  /** Sends the request again with another proof. Gives up if no other proof would help. */
  const replaceProof = async (problem: ProofProblem): Promise<boolean> => {
    const reason = realm.dpopServers.noteProblem(problem, match.server, response, token.signer);
    const canHelp = !course.proofReplaced && canReplaceProof(reason, response, token.signer);
    const again = canHelp ? await kept(pause(clock, REPLAYED_WITHIN)) : null;
    const credentials = again && (await sameCredentials(again));
    // A nonce that is asked for and given is the usual course.
    if (!credentials || reason === "dpop_clock_differs") realm.noteProof(reason, credentials !== null);
    if (!again || !credentials) return false;
    course.proofReplaced = true;
    response = await send(again, credentials);
    return true;
  };

  /** Sends the request again with a new token. Gives up if there is none, or if the body cannot be sent again. */
  const replaceToken = async (challenge: string): Promise<boolean> => {
    course.refused = true;
    const { accessToken, account } = token;
    const refusal: Refusal = { challenge, accessToken, account, sentAt };
    if (successors.isFinal(refusal)) return false;
    const renewal = realm.acquireToken(refusal).then((renewed) => {
      if (renewed.type === "token") successors.add(renewed.accessToken, refusal);
      return renewed;
    });
    realm.waitUntil(renewal);
    const patience = pause(clock, REPLAYED_WITHIN);
    const again = await kept(patience);
    if (!again) {
      // The next request has the new token, unless the user has to act for it.
      await waitFor(Promise.race([renewal, patience]));
      return false;
    }
    const second = await waitFor(renewal);
    // The request was made for the user that it was sent for.
    if (second.type !== "token" || second.account !== token.account) return false;
    token = second;
    const credentials = await sameCredentials(again);
    if (!credentials) return false;
    course.replayed = true;
    response = await send(again, credentials);
    if (response.ok) successors.accept(token.accessToken, challenge);
    return true;
  };

  for (;;) {
    const challenge = challengeOf(request, response);
    if (challenge === null) return answered();
    const problem = token.signer ? proofProblemOf(challenge) : null;
    const isReplayed = problem
      ? await replaceProof(problem)
      : !course.replayed && (await replaceToken(challenge));
    if (!isReplayed) return answered();
  }
}

type Course = { -readonly [Field in keyof Omit<Authorized, "response" | "token">]: Authorized[Field] };

const unavailable = (): TypeError => new TypeError("Failed to fetch: no access token can be had now");
