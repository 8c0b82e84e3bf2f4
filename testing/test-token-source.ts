import { type AccessToken, BearerWorkerError, type TokenRequest, type TokenSource } from "bearer-worker";

const TEST_USER = "test-user";
const HOUR = 3_600_000;

/** The first state of a `TestTokenSource`. */
export interface TestTokenSourceOptions {
  /** The account that is signed in, or `null` for a visitor. Default: `"test-user"`. */
  readonly account?: string | null;
  /** Whether the user has to act before there is a token. Default: false. */
  readonly interactionRequired?: boolean;
  /** Whether the user closes the popup in place of signing in. Default: false. */
  readonly closesPopup?: boolean;
  /** Milliseconds until each request is answered. `Infinity` stands for a provider that never answers. Default: 0. */
  readonly delay?: number;
  /** The error of every request, or `null`. Default: `null`. */
  readonly failure?: Error | null;
  /** Milliseconds for which a token is valid. Default: one hour. */
  readonly lifetime?: number;
  /** The access token for a request. `count` is 1 for the first token. Default: `test-token-1`, `test-token-2` and so on. */
  readonly accessToken?: (request: TokenRequest, count: number) => string;
  /** Origins that get no token, as those of an identity provider. Default: none. */
  readonly providerOrigins?: readonly string[];
  /** URLs of pages that get no token. Default: none. */
  readonly redirectPages?: readonly string[];
  /** The time in milliseconds, from which the end of a token is counted. Default: `Date.now`. */
  readonly now?: () => number;
}

/**
 * Hands out access tokens from memory, for tests of a site without an identity provider:
 * `attachTokens(new TestTokenSource(), …)`. Entries of the map with `tokenType: "DPoP"` get tokens with a key pair. No request, popup or redirect goes to a provider. Switches say how the user and
 * the provider behave, and may be set while the source is in use. The page keeps a token until it ends, so that a switch
 * counts from the next request that needs a new one.
 */
export class TestTokenSource implements TokenSource {
  /** Origins that get no token. */
  readonly providerOrigins: readonly string[];
  /** URLs of pages that get no token. */
  readonly redirectPages: readonly string[];
  /** Whether tokens for the same scopes differ from one key of the map to the next. */
  perResource = false;
  /** Whether the user has to act before there is a token: silent requests fail with `interaction_required`. */
  interactionRequired: boolean;
  /** Whether the user closes the popup in place of signing in: interactive requests fail with `popup_closed`. */
  closesPopup: boolean;
  /** Milliseconds until each request is answered. `Infinity` stands for a provider that never answers. */
  delay: number;
  /**
   * The error of every request, or `null`. A `BearerWorkerError` counts by its code. Any other error counts as
   * `silent_failed`: the site's requests fail as network errors.
   */
  failure: Error | null;
  /** Milliseconds for which a token is valid. */
  lifetime: number;
  /** Replaces the answer to silent requests, except while another switch lets them fail. `null` gives a token for each. */
  answer: ((request: TokenRequest) => AccessToken | Promise<AccessToken>) | null = null;
  /** Every request without the user, the latest last. */
  readonly silent: TokenRequest[] = [];
  /** Every request for which the user had to act, the latest last. */
  readonly interactive: TokenRequest[] = [];

  #account: string | null;
  #tokens = 0;
  #keys: Promise<CryptoKeyPair> | null = null;
  readonly #accessToken: (request: TokenRequest, count: number) => string;
  readonly #now: () => number;
  readonly #listeners = new Set<(change: "account" | "interaction") => void>();

  /** @param options the first state: a user who is signed in, and a provider that answers at once */
  constructor(options: TestTokenSourceOptions = {}) {
    const { account = TEST_USER, accessToken = (_request, count) => `test-token-${count}` } = options;
    this.#account = account;
    this.#accessToken = accessToken;
    this.#now = options.now ?? (() => Date.now());
    this.providerOrigins = options.providerOrigins ?? [];
    this.redirectPages = options.redirectPages ?? [];
    this.interactionRequired = options.interactionRequired ?? false;
    this.closesPopup = options.closesPopup ?? false;
    this.delay = options.delay ?? 0;
    this.failure = options.failure ?? null;
    this.lifetime = options.lifetime ?? HOUR;
  }

  /**
   * Signs a user in, as after an interaction. A page that is attached drops the tokens of another account.
   *
   * @param account default: `"test-user"`
   */
  signIn(account: string = TEST_USER): void {
    this.#account = account;
    this.interactionRequired = false;
    this.#tell("interaction");
  }

  /** Signs the user out. A page that is attached drops the tokens, and requests go out without one. */
  signOut(): void {
    this.#account = null;
    this.#tell("account");
  }

  /** Resolves at once. */
  ready(): Promise<void> {
    return Promise.resolve();
  }

  /** The account that is signed in. */
  account(): string | null {
    return this.#account;
  }

  /**
   * Gives a token, unless a switch says otherwise.
   *
   * @throws BearerWorkerError `interaction_required` while `interactionRequired` is set or nobody is signed in; else the
   * error in `failure`
   */
  async acquireSilent(request: TokenRequest): Promise<AccessToken> {
    this.silent.push(request);
    await this.#pause();
    if (this.interactionRequired || (this.#account === null && !this.answer)) {
      throw new BearerWorkerError("interaction_required", "The test wants the user to act.");
    }
    return this.answer ? await this.answer(request) : await this.#issue(request, this.#account ?? TEST_USER);
  }

  /**
   * Signs the user in and gives a token, without a popup and without leaving the page.
   *
   * @throws BearerWorkerError `popup_closed` while `closesPopup` is set; else the error in `failure`
   */
  async acquireInteractive(request: TokenRequest): Promise<AccessToken> {
    this.interactive.push(request);
    await this.#pause();
    if (this.closesPopup) throw new BearerWorkerError("popup_closed", "The test closed the popup.");
    const account = this.#account ?? TEST_USER;
    this.signIn(account);
    return await this.#issue(request, account);
  }

  /** Calls back after `signIn`, `signOut` and each interaction. */
  subscribe(listener: (change: "account" | "interaction") => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async #pause(): Promise<void> {
    const { delay } = this;
    if (delay === Infinity) await new Promise(() => undefined);
    else if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    if (this.failure) throw this.failure;
  }

  async #issue(request: TokenRequest, account: string): Promise<AccessToken> {
    const accessToken = this.#accessToken(request, ++this.#tokens);
    const token = { accessToken, account, expiresOn: new Date(this.#now() + this.lifetime) };
    if (!request.tokenType) return token;
    this.#keys ??= crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, [
      "sign",
      "verify",
    ]);
    return { ...token, signer: await this.#keys };
  }

  #tell(change: "account" | "interaction"): void {
    for (const listener of this.#listeners) listener(change);
  }
}
