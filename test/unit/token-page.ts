import { AccountState } from "../../page/acquisition/account-state.ts";
import { Acquisition } from "../../page/acquisition/acquisition.ts";
import { Answers } from "../../page/acquisition/answer.ts";
import { Backoff } from "../../page/acquisition/backoff.ts";
import { HeldTokens } from "../../page/acquisition/held-tokens.ts";
import { createRecovery, type Recovery } from "../../page/acquisition/recovery.ts";
import type { AttachOptions } from "../../page/options.ts";
import { AttachmentEvents, type TokenAttachmentEvents } from "../../page/attachment-events.ts";
import type { AccessToken, TokenRequest } from "../../page/token-source.ts";
import type { Answer, Waiting } from "../../protocol/answers.ts";
import type { PageAccount, SignedIn } from "../../protocol/page-account.ts";
import type { AcquireQuestion, WantedToken } from "../../protocol/questions.ts";
import { type ProtectedResourceMap, resolveResourceMap } from "../../protocol/resource-map.ts";
import { compileResourceMap } from "../../protocol/resource-matcher.ts";
import type { TestTokenSource } from "../../testing/index.ts";
import { ManualClock } from "./manual-clock.ts";
import { loaded } from "./with-globals.ts";

const testing = await loaded(() => import("../../testing/index.ts"));

const BASE = "https://shop.example/cart";
const HOUR = 3_600_000;
const MAP: ProtectedResourceMap = { "https://api.example.com/*": ["write", "read"] };
/** How many milliseconds the user may take here. */
export const INTERACTION_TIMEOUT = 240_000;

export const ADA: SignedIn = { type: "account", id: "ada", perResource: false };
export const ALAN: SignedIn = { type: "account", id: "alan", perResource: false };
export const VISITOR: PageAccount = { type: "signed-out", mayAcquire: true };

interface Given {
  readonly whenSignedOut?: AttachOptions["whenSignedOut"];
  readonly map?: ProtectedResourceMap;
  /** The account at the page's start; `null` for a visitor. */
  readonly id?: string | null;
  readonly navigations?: boolean;
}

/** The map's text, as workers are told it. */
export const MAP_TEXT = "the map";

export const wantedFor = (wanted: Partial<WantedToken> = {}): WantedToken => ({
  url: "https://api.example.com/orders",
  method: "GET",
  scopes: ["write", "read"],
  isNavigation: false,
  ...wanted,
});

type Emitted = {
  [Name in keyof TokenAttachmentEvents]: [Name, TokenAttachmentEvents[Name]["detail"]];
}[keyof TokenAttachmentEvents];

const EVENTS = ["tokenacquired", "tokenfailed", "interactionrequired"] as const;

/** Listeners of a test are there before anything is emitted. */
const AT_ONCE = {
  after(_milliseconds: number, callback: () => void): () => void {
    callback();
    return () => undefined;
  },
};

/** The part of a page that answers a worker's questions for tokens. */
export class TokenPage {
  readonly clock = new ManualClock();
  readonly source: TestTokenSource;
  readonly held = new HeldTokens(this.clock);
  readonly events = new AttachmentEvents(AT_ONCE);
  readonly emitted: Emitted[] = [];
  /** The longer times that the worker was told. */
  readonly said: Waiting[] = [];
  /** Requests for which the user was asked, and the outcome. */
  readonly asked: TokenRequest[] = [];
  interact: () => Promise<AccessToken | null> = () => Promise.resolve(null);
  loadRecovery: () => Promise<Recovery> = () => Promise.resolve(this.#recovery);
  readonly account: AccountState;
  readonly acquisition: Acquisition;
  readonly answers: Answers;
  readonly #recovery: Recovery;

  constructor({ whenSignedOut = "bare", map = MAP, id = "ada", navigations = false }: Given = {}) {
    const { held, events, clock } = this;
    const source = new testing.TestTokenSource({
      account: id,
      accessToken: (_request, count) => `t${count}`,
      lifetime: HOUR,
      providerOrigins: ["https://login.example"],
      now: () => clock.now(),
    });
    this.source = source;
    const run = async (request: TokenRequest): Promise<AccessToken | null> => {
      this.asked.push(request);
      return await this.interact();
    };
    this.#recovery = createRecovery({ run }, events);
    const recovery = (): Promise<Recovery> => this.loadRecovery();
    const backoff = new Backoff(clock, () => true);
    const account = new AccountState(source, whenSignedOut);
    const acquisition = new Acquisition({
      source,
      account,
      held,
      backoff,
      recovery,
      events,
      clock,
      interactionTimeout: INTERACTION_TIMEOUT,
    });
    account.onChange = () => acquisition.forget();
    const match = compileResourceMap(resolveResourceMap(map, BASE));
    this.account = account;
    this.acquisition = acquisition;
    this.answers = new Answers({
      source,
      match,
      account,
      held,
      acquisition,
      recovery,
      events,
      clock,
      map: MAP_TEXT,
      navigations,
      base: () => BASE,
    });
    const target = new EventTarget();
    for (const name of EVENTS) {
      target.addEventListener(name, (event) =>
        this.emitted.push([name, (event as CustomEvent<unknown>).detail] as Emitted),
      );
    }
    events.connect(target);
  }

  token(accessToken: string, account = "ada", lifetime = HOUR): AccessToken {
    return { accessToken, account, expiresOn: new Date(this.clock.now() + lifetime) };
  }

  /** Asks as a worker does. */
  ask(question: Partial<AcquireQuestion> = {}): Promise<Answer> {
    const wanted = wantedFor();
    const asked = { type: "acquire", account: ADA, wanted, purpose: "request", refusal: null } as const;
    return this.answers.token({ ...asked, ...question }, (waiting) => this.said.push(waiting));
  }

  /** The access token of an answer, or the answer's type. */
  async outcome(question: Partial<AcquireQuestion> = {}): Promise<string> {
    const answer = await this.ask(question);
    return answer.type === "token" ? answer.token.accessToken : answer.type;
  }
}
