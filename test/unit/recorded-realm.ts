import { authorize, type Authorized, type Realm } from "../../pipeline/authorize.ts";
import { DpopServers } from "../../pipeline/dpop-servers.ts";
import { NoCorsRequests } from "../../pipeline/no-cors.ts";
import { Successors } from "../../pipeline/successors.ts";
import type { RequestMatch } from "../../pipeline/request-matcher.ts";
import { BARE, type Credentials, type TokenResult } from "../../pipeline/token-result.ts";
import type { Refusal, WantedProof } from "../../protocol/questions.ts";
import type { ProofProblem } from "../../protocol/request-notices.ts";
import { ManualClock } from "./manual-clock.ts";

/** A request as the server received it. */
export interface Received {
  readonly authorization: string | null;
  readonly mode: RequestMode;
  readonly credentials: RequestCredentials;
  readonly body: string;
  readonly request: Request;
}

export const ORDERS: RequestMatch = {
  key: "https://api.example.com/orders/*",
  scopes: ["read"],
  server: "https://api.example.com",
};

/** A response as `fetch` gives it. The constructor cannot set a URL. */
export function responseFrom(url: string, status = 200, headers: Record<string, string> = {}): Response {
  const response = new Response(status === 204 ? null : `answer ${status}`, { status, headers });
  return Object.defineProperty(response, "url", { value: url });
}

export const challengeFrom = (url: string, error = "invalid_token"): Response =>
  responseFrom(url, 401, { "WWW-Authenticate": `Bearer error="${error}"` });

/** A realm whose tokens and server a test controls. */
export class RecordedRealm implements Realm {
  readonly clock = new ManualClock();
  readonly noCors = new NoCorsRequests(this.clock);
  readonly dpopServers = new DpopServers(this.clock);
  readonly successors = new Successors(this.clock);
  readonly received: Received[] = [];
  /** Proofs that the page was asked for. */
  readonly wantedProofs: WantedProof[] = [];
  /** Refused proofs that the realm was told of, and whether the request was sent again. */
  readonly refusedProofs: (readonly [ProofProblem, boolean])[] = [];
  /** The page's answer to a question for a proof. */
  signInPage: (proof: WantedProof) => Credentials | null = () => null;
  /** A refusal for each question for a token; `null` for the first question of a request. */
  readonly questions: (Refusal | null)[] = [];
  /** Requests that were given to `sendOnce`. */
  readonly sentOnce: Request[] = [];
  readonly keptAliveFor: Promise<unknown>[] = [];

  /** Whether the server answers before it has read the body. */
  answersEarly = false;

  /** The outcome of each question for a token, in their order. Without any left a request goes bare. */
  tokens: (TokenResult | Promise<TokenResult>)[];
  /** The server's response, or its error. */
  answer: (received: Received, count: number) => Response;

  constructor(
    tokens: (TokenResult | Promise<TokenResult>)[] = [],
    answer: (received: Received, count: number) => Response = ({ request }) => responseFrom(request.url),
  ) {
    this.tokens = tokens;
    this.answer = answer;
  }

  authorize(request: Request, match = ORDERS): Promise<Authorized> {
    return authorize(request, match, this);
  }

  async acquireToken(refusal: Refusal | null): Promise<TokenResult> {
    this.questions.push(refusal);
    return await (this.tokens.shift() ?? BARE);
  }

  readonly askForProof = async (proof: WantedProof): Promise<Credentials | null> => {
    this.wantedProofs.push(proof);
    return this.signInPage(proof);
  };

  noteProof(problem: ProofProblem, isReplayed: boolean): void {
    this.refusedProofs.push([problem, isReplayed]);
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const { mode, credentials, headers } = request;
    const authorization = headers.get("Authorization");
    const body = this.answersEarly ? "" : await request.text();
    this.received.push({ authorization, mode, credentials, body, request });
    return this.answer(this.received.at(-1) as Received, this.received.length);
  };

  async sendOnce(request: Request, send: () => Promise<Response>): Promise<Response> {
    this.sentOnce.push(request);
    return await send();
  }

  waitUntil(work: Promise<unknown>): void {
    this.keptAliveFor.push(work);
  }
}

export const tokenOf = (
  accessToken: string,
  from: "memory" | "page" = "memory",
  account = "ada",
): TokenResult => ({
  type: "token",
  account,
  accessToken,
  from,
});
