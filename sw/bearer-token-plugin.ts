import { resolveResourceMap } from "../protocol/resource-map.ts";
import { authorizedRequest } from "./authorized-request.ts";
import { challengeOf } from "./replay.ts";
import { matchAny, share, type TokenRouteOptions } from "./register-token-route.ts";
import { compileRequestMatcher, type RequestMatcher } from "./request-matcher.ts";
import { acquireToken, type TokenDemand } from "./tokens.ts";

/** What a Workbox strategy calls its plugins with, as far as this one looks at it. */
interface StrategyRequest {
  readonly request: Request;
  readonly event: ExtendableEvent;
  readonly state?: object;
}

/** What a strategy keeps for this plugin while it answers one request. */
interface State {
  demand?: TokenDemand;
  accessToken?: string;
}

/**
 * Attaches access tokens to what a Workbox strategy fetches: `new NetworkFirst({ plugins: [new BearerTokenPlugin()] })`.
 *
 * Whether a response is cached is the strategy's to say; a cache knows no accounts, so delete it when users sign out.
 * When no token can be had for now, the fetch fails as if the network was down, and the strategy does what it does then.
 */
export class BearerTokenPlugin {
  readonly #match: RequestMatcher;

  /**
   * @param options the map; without any, that of `registerTokenRoute`, or the one that `attachTokens` has put into this
   * worker's URL
   * @throws BearerWorkerError `invalid_resource_map`
   */
  constructor(options?: TokenRouteOptions) {
    const configuration = share(options, resolveResourceMap);
    this.#match = configuration ? compileRequestMatcher(configuration) : matchAny;
  }

  readonly requestWillFetch = async ({ request, event, state = {} }: StrategyRequest): Promise<Request> => {
    const match = this.#match({ request, url: new URL(request.url) });
    if (!match) return request;
    // An event that is no request's, such as a sync, has no client.
    const clientId = event instanceof FetchEvent ? event.clientId : "";
    const demand: TokenDemand = { event, clientId, request, match, course: { token: "none" } };
    const accessToken = await acquireToken(demand);
    if (accessToken === null) throw new TypeError("No access token can be had for now");
    if (!accessToken) return request;
    Object.assign<State, State>(state, { demand, accessToken });
    return authorizedRequest(request, accessToken);
  };

  readonly fetchDidSucceed = async ({
    request,
    response,
    state = {},
  }: StrategyRequest & { readonly response: Response }): Promise<Response> => {
    const { demand, accessToken } = state as State;
    const challenge = challengeOf(request, response);
    if (!demand || challenge === null) return response;
    const renewed = await acquireToken(demand, challenge, accessToken);
    return renewed ? await fetch(authorizedRequest(request, renewed)) : response;
  };
}
