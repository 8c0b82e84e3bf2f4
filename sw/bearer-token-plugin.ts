import { authorizedRequest } from "../pipeline/authorized-request.ts";
import { challengeOf, isOfOrigin, proofProblemOf } from "../pipeline/challenge-of.ts";
import { systemClock } from "../pipeline/clock.ts";
import { credentialsFor } from "../pipeline/credentials.ts";
import { canReplaceProof } from "../pipeline/dpop-servers.ts";
import { compileRequestMatcher, type RequestMatcher } from "../pipeline/request-matcher.ts";
import type { Credentials, TokenFound } from "../pipeline/token-result.ts";
import type { Refusal } from "../protocol/questions.ts";
import { noteAuthorized } from "./other-listeners.ts";
import { matchRegistered, shareWorker, type TokenRouteOptions } from "./register-token-route.ts";
import { demandOf, type TokenDemand } from "./token-demand.ts";
import { workerState } from "./worker-state.ts";

/** The part of a Workbox strategy's call that this plugin looks at. */
interface StrategyRequest {
  readonly request: Request;
  readonly event: ExtendableEvent;
  readonly state?: object;
}

/** A request of a strategy that has been given a token, until its response comes. */
interface Attached {
  readonly demand: TokenDemand;
  readonly token: TokenFound;
  /** The `Authorization` field with which it was sent. */
  readonly authorization: string | null;
  /** In milliseconds since the epoch. */
  readonly sentAt: number;
}

/**
 * Attaches access tokens to the fetches of a Workbox strategy: `new NetworkFirst({ plugins: [new BearerTokenPlugin()] })`.
 *
 * Whether a response is cached is the strategy's to say. A cache knows no accounts, so delete it when users sign out.
 * A refused token or DPoP proof is replaced once for each fetch. When no token can be had for now, the fetch fails as if the
 * network was down, and the strategy does what it does then. A `no-cors` request, such as that of an image, becomes one with
 * CORS, and takes cookies along to the page's own origin only.
 */
export class BearerTokenPlugin {
  readonly #match: RequestMatcher;
  /** By the call of a strategy, which can fetch several requests. */
  readonly #attached = new WeakMap<object, Set<Attached>>();

  /**
   * @param options the map; when left out, that of `registerTokenRoute`, or the one that `attachTokens` has put into this
   * worker's URL
   * @throws BearerWorkerError `invalid_resource_map`
   */
  constructor(options?: TokenRouteOptions) {
    const configuration = shareWorker(options);
    this.#match = configuration ? compileRequestMatcher(configuration) : matchRegistered;
  }

  readonly requestWillFetch = async ({ request, event, state = {} }: StrategyRequest): Promise<Request> => {
    const match = this.#match({ request, url: new URL(request.url) });
    if (!match) return request;
    noteAuthorized(event);
    // An event that is no request's, such as a sync, has no client.
    const clientId = event instanceof FetchEvent ? event.clientId : "";
    const waitUntil = (work: Promise<unknown>): void => event.waitUntil(work);
    const demand = demandOf(request, clientId, match, waitUntil);
    const result = await workerState().tokens.acquire(demand, null);
    if (result.type === "bare") return request;
    const credentials = result.type === "token" ? await this.#credentials(request, result, demand) : null;
    if (result.type !== "token" || !credentials)
      throw new TypeError("Failed to fetch: no access token can be had now");
    const { accessToken, account } = credentials;
    // A strategy sends a request once, and an API that allows any origin allows no cookies.
    const authorized = authorizedRequest(request, credentials, match, "same-origin");
    const attached: Attached = {
      demand,
      token: { ...result, accessToken, account },
      authorization: authorized.headers.get("Authorization"),
      sentAt: systemClock.now(),
    };
    this.#attached.set(state, (this.#attached.get(state) ?? new Set()).add(attached));
    return authorized;
  };

  readonly fetchDidSucceed = async ({
    request,
    response,
    state = {},
  }: StrategyRequest & { readonly response: Response }): Promise<Response> => {
    const attached = this.#take(state, request);
    if (!attached) return response;
    const { demand, token, sentAt } = attached;
    const { dpopServers, successors, tokens } = workerState();
    const { server } = demand.match;
    if (token.signer && isOfOrigin(response, request)) dpopServers.noteNonce(server, response);
    const challenge = challengeOf(request, response);
    if (challenge === null) return response;
    const problem = token.signer ? proofProblemOf(challenge) : null;
    const reason = problem && dpopServers.noteProblem(problem, server, response, token.signer);
    if (reason && !canReplaceProof(reason, response, token.signer)) return response;
    const { accessToken, account } = token;
    const refusal: Refusal = { challenge, accessToken, account, sentAt };
    if (!problem && successors.isFinal(refusal)) return response;
    const renewed = problem ? token : await tokens.acquire(demand, refusal);
    if (renewed.type !== "token" || renewed.account !== token.account) return response;
    if (!problem) successors.add(renewed.accessToken, refusal);
    const credentials = await this.#credentials(request, renewed, demand);
    // The request was made for the user that it was sent for.
    if (credentials?.account !== token.account) return response;
    const replayed = await fetch(authorizedRequest(request, credentials, demand.match));
    if (renewed.signer && isOfOrigin(replayed, request)) dpopServers.noteNonce(server, replayed);
    if (replayed.ok) successors.accept(renewed.accessToken, challenge);
    return replayed;
  };

  /** The token that this very request was sent with. A strategy may send others, which the map does not name. */
  #take(state: object, { url, method, headers }: Request): Attached | null {
    const all = this.#attached.get(state) ?? new Set();
    const authorization = headers.get("Authorization");
    for (const attached of all) {
      const { demand } = attached;
      if (demand.url !== url || demand.method !== method || attached.authorization !== authorization)
        continue;
      all.delete(attached);
      return attached;
    }
    return null;
  }

  #credentials(request: Request, token: TokenFound, demand: TokenDemand): Promise<Credentials | null> {
    const { dpopServers, tokens } = workerState();
    return credentialsFor(request, token, demand.match, {
      dpopServers,
      askForProof: (proof) => tokens.prove(demand, proof),
    });
  }
}
