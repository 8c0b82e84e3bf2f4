import { authorizedRequest } from "../pipeline/authorized-request.ts";
import { challengeOf } from "../pipeline/challenge-of.ts";
import { compileRequestMatcher, type RequestMatcher } from "../pipeline/request-matcher.ts";
import { matchRegistered, shareWorker, type TokenRouteOptions } from "./register-token-route.ts";
import { demandOf, type TokenDemand } from "./token-demand.ts";
import { workerState } from "./worker-state.ts";

/** The part of a Workbox strategy's call that this plugin looks at. */
interface StrategyRequest {
  readonly request: Request;
  readonly event: ExtendableEvent;
  readonly state?: object;
}

/** A request that has been given a token. A strategy keeps it for this plugin while it answers the request. */
interface Attached {
  readonly demand: TokenDemand;
  readonly accessToken: string;
}

/**
 * Attaches access tokens to the fetches of a Workbox strategy: `new NetworkFirst({ plugins: [new BearerTokenPlugin()] })`.
 *
 * Whether a response is cached is the strategy's to say. A cache knows no accounts, so delete it when users sign out.
 * When no token can be had for now, the fetch fails as if the network was down, and the strategy does what it does then.
 */
export class BearerTokenPlugin {
  readonly #match: RequestMatcher;
  readonly #attached = new WeakMap<object, Attached>();

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
    // An event that is no request's, such as a sync, has no client.
    const clientId = event instanceof FetchEvent ? event.clientId : "";
    const waitUntil = (work: Promise<unknown>): void => event.waitUntil(work);
    const demand = demandOf(request, clientId, match, waitUntil);
    const result = await workerState().tokens.acquire(demand, null);
    if (result.type === "unavailable") throw new TypeError("Failed to fetch: no access token can be had now");
    if (result.type === "bare") return request;
    const { accessToken } = result;
    this.#attached.set(state, { demand, accessToken });
    return authorizedRequest(request, accessToken, match);
  };

  readonly fetchDidSucceed = async ({
    request,
    response,
    state = {},
  }: StrategyRequest & { readonly response: Response }): Promise<Response> => {
    const attached = this.#attached.get(state);
    const challenge = challengeOf(request, response);
    if (!attached || challenge === null) return response;
    const { demand, accessToken } = attached;
    const renewed = await workerState().tokens.acquire(demand, { challenge, accessToken });
    return renewed.type === "token"
      ? await fetch(authorizedRequest(request, renewed.accessToken, demand.match))
      : response;
  };
}
