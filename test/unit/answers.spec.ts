import { expect, test } from "@playwright/test";
import type { AccessToken } from "../../page/token-source.ts";
import type { WantedToken } from "../../protocol/questions.ts";
import { BearerWorkerError, type BearerWorkerErrorCode } from "../../protocol/errors.ts";
import { settle } from "./manual-clock.ts";
import { ADA, ALAN, INTERACTION_TIMEOUT, MAP_TEXT, TokenPage, VISITOR, wantedFor } from "./token-page.ts";

const CHALLENGE = 'Bearer error="invalid_token"';
const KEY = "https://api.example.com/*";
const SCOPES = ["write", "read"];
const URL_OF_ORDERS = "https://api.example.com/orders";

const failure = (code: BearerWorkerErrorCode, options?: ErrorOptions): BearerWorkerError =>
  new BearerWorkerError(code, "It failed.", options);
const never = (): Promise<never> => new Promise(() => undefined);

test("the first question is answered with a token from the identity library", async () => {
  const page = new TokenPage();
  const end = page.clock.now() + 3_600_000;
  expect(await page.ask()).toEqual({
    type: "token",
    account: ADA,
    token: { accessToken: "t1", endsAt: end - 10_000, renewAt: end - 300_000 },
  });
});

test("the identity library is asked with sorted scopes, for the URL and method of the request", async () => {
  const page = new TokenPage();
  await page.ask();
  expect(page.source.silent).toEqual([
    {
      scopes: ["read", "write"],
      url: URL_OF_ORDERS,
      method: "GET",
      forceRefresh: false,
      challenge: {},
      unanswered: 0,
    },
  ]);
});

test("a token at hand is given again without the identity library", async () => {
  const page = new TokenPage();
  await page.ask();
  expect(await page.outcome()).toBe("t1");
  expect(page.source.silent).toHaveLength(1);
});

test("a token that nearly ends is given no more, and the identity library is asked", async () => {
  const page = new TokenPage();
  await page.ask();
  await page.clock.advance(3_600_000 - 10_000);
  expect(await page.outcome()).toBe("t2");
});

test("a renewal goes past the token at hand and past the identity library's cache", async () => {
  const page = new TokenPage();
  await page.ask();
  expect(await page.outcome({ purpose: "renewal" })).toBe("t2");
  expect(page.source.silent.map(({ forceRefresh }) => forceRefresh)).toEqual([false, true]);
});

test("a renewal never asks the user, and its failure is no event", async () => {
  const page = new TokenPage();
  page.source.interactionRequired = true;
  expect(await page.outcome({ purpose: "renewal" })).toBe("bare");
  expect(page.asked).toEqual([]);
  expect(page.emitted).toEqual([]);
});

test("a refused token has a successor, which goes past the identity library's cache", async () => {
  const page = new TokenPage();
  await page.ask();
  expect(
    await page.outcome({ refusal: { challenge: CHALLENGE, accessToken: "t1", account: "ada", sentAt: 0 } }),
  ).toBe("t2");
  expect(page.source.silent.at(-1)).toMatchObject({ forceRefresh: true, challenge: {} });
});

test("a second worker with the same refusal gets the successor that is at hand", async () => {
  const page = new TokenPage();
  const refusal = { challenge: CHALLENGE, accessToken: "t1", account: "ada", sentAt: 0 };
  await page.ask();
  await page.ask({ refusal });
  expect(await page.outcome({ refusal })).toBe("t2");
  expect(page.source.silent).toHaveLength(2);
});

test("the demands of a challenge reach the identity library", async () => {
  const page = new TokenPage();
  const claims = '{"access_token":{"acrs":{"value":"c1"}}}';
  const challenge = `Bearer error="insufficient_claims", claims="${btoa(claims)}"`;
  await page.ask({ refusal: { challenge, accessToken: "t0", account: "ada", sentAt: 0 } });
  expect(page.source.silent[0]?.challenge).toEqual({ claims });
});

test("a challenge that no new token answers leads to no question", async () => {
  const page = new TokenPage();
  const challenge = 'Bearer error="insufficient_scope"';
  expect(await page.outcome({ refusal: { challenge, accessToken: "t0", account: "ada", sentAt: 0 } })).toBe(
    "bare",
  );
  expect(page.source.silent).toEqual([]);
});

test("a renewal that the site asks for goes past the cache, once for calls at the same time, and not again for a minute", async () => {
  const page = new TokenPage();
  const { url } = wantedFor();
  await page.ask();
  const renew = (): Promise<boolean> => page.answers.renew({ url, method: "GET" }, undefined);
  expect(await Promise.all([renew(), renew()])).toEqual([true, true]);
  expect(page.source.silent.map(({ forceRefresh }) => forceRefresh)).toEqual([false, true]);
  expect(await page.outcome()).toBe("t2");
  expect(await renew()).toBe(false);
  await page.clock.advance(60_000);
  expect(await renew()).toBe(true);
  expect(await page.answers.renew({ url: "https://elsewhere.example/", method: "GET" }, undefined)).toBe(
    false,
  );
});

test("renewals at the same time for two keys whose tokens differ each bring a token", async () => {
  const page = new TokenPage({ map: { "/api/a": ["read"], "/api/b": ["read"] } });
  const renew = (path: string): Promise<boolean> =>
    page.answers.renew({ url: `https://shop.example/api/${path}`, method: "GET" }, undefined);
  page.source.perResource = true;
  expect(await Promise.all([renew("a"), renew("b"), renew("b")])).toEqual([true, true, true]);
  expect(page.source.silent.map(({ url }) => url)).toEqual([
    "https://shop.example/api/a",
    "https://shop.example/api/b",
  ]);
});

test("the claims of a renewal that the site asks for reach the identity library", async () => {
  const page = new TokenPage();
  const claims = '{"access_token":{"acrs":{"value":"c1ä"}}}';
  expect(await page.answers.renew({ url: wantedFor().url, method: "GET" }, claims)).toBe(true);
  expect(page.source.silent[0]?.challenge).toEqual({ claims });
});

test("a question for an account that the page uses no more is answered with the account that it uses", async () => {
  const page = new TokenPage();
  expect(await page.ask({ account: ALAN })).toEqual({
    type: "identity",
    account: ADA,
    map: MAP_TEXT,
    observing: false,
    unanswered: [],
    token: null,
  });
  expect(page.source.silent).toEqual([]);
});

test("a token is not given away if the account was switched while it was acquired", async () => {
  const page = new TokenPage();
  page.source.answer = () => {
    page.source.signIn("alan");
    return page.token("t1");
  };
  expect(await page.ask()).toMatchObject({ type: "identity", account: ALAN });
});

for (const [does, act] of [
  ["signed out", (page: TokenPage) => page.source.signOut()],
  ["switched", (page: TokenPage) => page.source.signIn("alan")],
] as const) {
  for (const [when, look] of [
    ["and the page knows", (page: TokenPage) => page.account.look()],
    ["and the page does not know yet", () => undefined],
  ] as const) {
    test(`a token that arrives after the account has ${does}, ${when}, is no event and none of the page's tokens`, async () => {
      const page = new TokenPage();
      page.source.answer = () => {
        act(page);
        look(page);
        return page.token("t1");
      };
      expect(await page.outcome()).toBe("identity");
      expect(page.emitted).toEqual([]);
      expect([...page.acquisition.tokens]).toEqual([]);
    });
  }
}

test("the token that signs a visitor in is an event, and one of the page's tokens", async () => {
  const page = new TokenPage({ whenSignedOut: "sso", id: null });
  page.account.look();
  page.source.answer = () => {
    page.source.signIn("ada");
    return page.token("t1");
  };
  expect(await page.outcome({ account: VISITOR })).toBe("t1");
  expect(page.emitted).toMatchObject([["tokenacquired", { resource: KEY }]]);
  expect([...page.acquisition.tokens.keys()]).toEqual(["write read"]);
});

test("a token of the account to which the page has switched is no answer to a question for the other account", async () => {
  const page = new TokenPage();
  page.source.answer = () => {
    page.source.signIn("alan");
    return page.token("t1", "alan");
  };
  expect(await page.ask()).toMatchObject({ type: "identity", account: ALAN });
});

test("a token that was acquired while the account was switched is not at hand later", async () => {
  const page = new TokenPage();
  page.source.answer = () => {
    page.source.signIn("alan");
    // The library tells of the change before the token comes.
    page.account.look();
    page.source.signIn("ada");
    return page.token("t1");
  };
  await page.ask();
  page.source.answer = () => page.token("t2");
  expect(await page.outcome()).toBe("t2");
});

test("a token of another account than the page's is not given, and fails the interaction", async () => {
  const page = new TokenPage();
  page.source.answer = () => page.token("t1", "alan");
  expect(await page.outcome()).toBe("bare");
  expect(page.emitted).toEqual([
    [
      "tokenfailed",
      {
        resource: KEY,
        scopes: SCOPES,
        code: "interaction_failed",
        reason: null,
        correlationId: null,
        outcome: "bare",
      },
    ],
  ]);
});

for (const [kind, wanted] of [
  ["other scopes", wantedFor({ scopes: ["admin"] })],
  ["fewer scopes", wantedFor({ scopes: ["write"] })],
  ["the same scopes in another order", wantedFor({ scopes: ["read", "write"] })],
  ["a server that the page's map does not name", wantedFor({ url: "https://evil.example/" })],
  ["headers of which the page's map says nothing", wantedFor({ headers: [["x-ms-version", "1"]] })],
  ["no URL", wantedFor({ url: "https://" })],
] as const) {
  test(`a worker whose map asks for ${kind} gets no token`, async () => {
    const page = new TokenPage();
    await page.ask();
    expect(await page.outcome({ wanted })).toBe("bare");
    expect(page.answers.identity(wanted, []).token).toBeNull();
    expect(page.source.silent).toHaveLength(1);
  });
}

test("a worker gets no token for a resource that the page's map leaves unprotected", async () => {
  const page = new TokenPage({ map: { "/api/health": null, "/api/*": ["read"] } });
  const wanted = (path: string) => wantedFor({ url: `https://shop.example/api/${path}`, scopes: ["read"] });
  expect(await page.outcome({ wanted: wanted("health") })).toBe("bare");
  expect(await page.outcome({ wanted: wanted("orders") })).toBe("t1");
});

test("a worker gets no token for a resource for which the page's map has other headers", async () => {
  const page = new TokenPage({
    map: { "/api/*": { scopes: ["read"], headers: { "X-Ms-Version": "2", "x-a": "1" } } },
  });
  const wanted = (headers?: WantedToken["headers"]) =>
    wantedFor({ url: "https://shop.example/api/orders", scopes: ["read"], headers });
  expect(await page.outcome({ wanted: wanted() })).toBe("bare");
  expect(await page.outcome({ wanted: wanted([["x-ms-version", "2"]]) })).toBe("bare");
  const same = [
    ["x-a", "1"],
    ["x-ms-version", "2"],
  ] as const;
  expect(await page.outcome({ wanted: wanted(same) })).toBe("t1");
});

test("a navigation gets a token only from a page whose option says so", async () => {
  const wanted = wantedFor({ isNavigation: true });
  expect(await new TokenPage().outcome({ wanted })).toBe("bare");
  expect(await new TokenPage({ navigations: true }).outcome({ wanted })).toBe("t1");
});

test("an identity names the account, and brings the wanted token if it is at hand", async () => {
  const page = new TokenPage();
  const wanted = wantedFor();
  const unanswered = [{ lock: "lock 1", request: "POST /orders" }];
  expect(page.answers.identity(wanted, unanswered)).toEqual({
    type: "identity",
    account: ADA,
    map: MAP_TEXT,
    observing: false,
    unanswered,
    token: null,
  });
  await page.ask();
  page.events.observing = true;
  expect(page.answers.identity(wanted, [])).toMatchObject({ observing: true, token: { accessToken: "t1" } });
  expect(page.answers.identity(null, []).token).toBeNull();
  page.source.signOut();
  expect(page.answers.identity(wanted, [])).toMatchObject({
    account: { type: "signed-out", mayAcquire: false },
    token: null,
  });
});

test("tokens of an identity library that differ from key to key are kept apart", async () => {
  const page = new TokenPage({ map: { "/api/a": ["read"], "/api/b": ["read"] } });
  page.source.perResource = true;
  const account = { ...ADA, perResource: true };
  const wanted = (path: string) => wantedFor({ url: `https://shop.example/api/${path}`, scopes: ["read"] });
  expect(await page.outcome({ account, wanted: wanted("a") })).toBe("t1");
  expect(await page.outcome({ account, wanted: wanted("b") })).toBe("t2");
  expect(await page.outcome({ account, wanted: wanted("a") })).toBe("t1");
});

test("a token that was forgotten is acquired anew", async () => {
  const page = new TokenPage();
  await page.ask();
  expect(page.acquisition.tokens.size).toBe(1);
  page.acquisition.forget();
  expect(page.acquisition.tokens.size).toBe(0);
  expect(await page.outcome()).toBe("t2");
});

test("a visitor gets no token by default, and the identity library is not asked", async () => {
  const page = new TokenPage({ id: null });
  expect(await page.ask({ account: VISITOR })).toMatchObject({
    type: "identity",
    account: { type: "signed-out", mayAcquire: false },
  });
  expect(page.source.silent).toEqual([]);
});

test("a visitor is signed in by the provider's session with the option `sso`", async () => {
  const page = new TokenPage({ whenSignedOut: "sso", id: null });
  expect(page.account.current()).toEqual(VISITOR);
  page.source.answer = () => {
    page.source.signIn("ada");
    return page.token("t1");
  };
  expect(await page.ask({ account: VISITOR })).toMatchObject({ type: "token", account: ADA });
});

test("the silent sign-in of a visitor is tried once, and the user is not asked", async () => {
  const page = new TokenPage({ whenSignedOut: "sso", id: null });
  page.source.interactionRequired = true;
  expect(await page.outcome({ account: VISITOR })).toBe("bare");
  expect(page.asked).toEqual([]);
  expect(page.emitted).toEqual([
    [
      "tokenfailed",
      {
        resource: KEY,
        scopes: SCOPES,
        code: "signed_out",
        reason: null,
        correlationId: null,
        outcome: "bare",
      },
    ],
  ]);
  expect(page.account.current()).toEqual({ type: "signed-out", mayAcquire: false });
  expect(await page.outcome({ account: VISITOR })).toBe("identity");
  expect(page.source.silent).toHaveLength(1);
});

test("a user who has signed out is not signed in again by the provider's session", () => {
  const page = new TokenPage({ whenSignedOut: "sso" });
  page.account.look();
  page.source.signOut();
  expect(page.account.current()).toEqual({ type: "signed-out", mayAcquire: false });
});

test("a visitor is asked to sign in with the option `interact`", async () => {
  const page = new TokenPage({ whenSignedOut: "interact", id: null });
  page.source.interactionRequired = true;
  page.interact = () => {
    page.source.signIn("ada");
    return Promise.resolve(page.token("t1"));
  };
  expect(await page.outcome({ account: VISITOR })).toBe("t1");
  expect(page.asked).toHaveLength(1);
  expect(page.emitted.map(([name]) => name)).toEqual(["interactionrequired", "tokenacquired"]);
});

test("the user's action gives the token, and the worker is told how long it may take", async () => {
  const page = new TokenPage();
  page.source.interactionRequired = true;
  page.interact = async () => {
    await settle();
    return page.token("t1");
  };
  expect(await page.outcome()).toBe("t1");
  expect(page.said).toEqual([{ type: "waiting", milliseconds: INTERACTION_TIMEOUT + 45_000 }]);
  expect(page.emitted[0]).toEqual(["interactionrequired", { resource: KEY, scopes: SCOPES }]);
  expect(page.emitted[1]).toMatchObject(["tokenacquired", { interactive: true, fromCache: false }]);
});

test("the user may have to act twice for one request, and not more often", async () => {
  const page = new TokenPage();
  page.source.interactionRequired = true;
  expect(await page.outcome()).toBe("bare");
  expect(page.asked).toHaveLength(2);
});

test("a token is acquired silently after the user has acted in another tab", async () => {
  const page = new TokenPage();
  page.source.interactionRequired = true;
  const answered = page.outcome();
  page.interact = async () => {
    page.source.interactionRequired = false;
    await page.clock.advance(1_000);
    return null;
  };
  expect(await answered).toBe("t1");
});

test("the user is not asked again for a minute once the token that answers a challenge is refused like the last", async () => {
  const page = new TokenPage();
  const challenge = 'Bearer error="insufficient_user_authentication", acr_values="c1"';
  const refusalOf = (accessToken: string) => ({
    challenge,
    accessToken,
    account: "ada",
    sentAt: page.clock.now(),
  });
  page.source.interactionRequired = true;
  page.interact = () => Promise.resolve(page.token(`u${page.asked.length}`));
  expect(await page.outcome({ refusal: refusalOf("t0") })).toBe("u1");

  await page.clock.advance(59_999);
  expect(await page.outcome({ refusal: refusalOf("u1") })).toBe("bare");
  expect(page.asked).toHaveLength(1);
  expect(page.emitted.at(-1)).toMatchObject(["tokenfailed", { code: "interaction_required" }]);
  await page.clock.advance(1);
  expect(await page.outcome({ refusal: refusalOf("u1") })).toBe("u2");
});

for (const [does, act] of [
  ["signs out", (page: TokenPage) => page.source.signOut()],
  ["switches accounts", (page: TokenPage) => page.source.signIn("alan")],
] as const) {
  test(`a user who ${does} while asked is not asked again, and the request starts over`, async () => {
    const page = new TokenPage();
    page.source.interactionRequired = true;
    page.interact = () => {
      act(page);
      return Promise.resolve(null);
    };
    expect(await page.outcome()).toBe("identity");
    expect(page.asked).toHaveLength(1);
    expect(page.source.silent).toHaveLength(1);
    expect(page.emitted.map(([name]) => name)).toEqual(["interactionrequired"]);
  });
}

for (const [does, asked, act] of [
  ["signs out", ADA, (page: TokenPage) => page.source.signOut()],
  ["switches accounts", ADA, (page: TokenPage) => page.source.signIn("alan")],
  ["signs in", VISITOR, (page: TokenPage) => page.source.signIn("ada")],
] as const) {
  test(`a user who ${does} while a token is acquired silently is not asked, and the request starts over`, async () => {
    const id = asked.type === "account" ? asked.id : null;
    const page = new TokenPage({ id, whenSignedOut: "interact" });
    page.source.answer = () => {
      act(page);
      throw new BearerWorkerError("interaction_required", "The session has ended.");
    };
    expect(await page.outcome({ account: asked })).toBe("identity");
    expect(page.asked).toEqual([]);
    expect(page.emitted).toEqual([]);
  });
}

test("a user who does not act in time is waited for no longer", async () => {
  const page = new TokenPage();
  page.source.interactionRequired = true;
  page.interact = never;
  const answered = page.outcome();
  await page.clock.advance(INTERACTION_TIMEOUT);
  expect(await answered).toBe("bare");
  expect(page.emitted.at(-1)).toMatchObject(["tokenfailed", { code: "interaction_timeout" }]);
});

test("an identity library that does not answer is waited for 30 seconds, and asked anew with a count", async () => {
  const page = new TokenPage();
  page.source.delay = Infinity;
  const answered = page.outcome();
  await page.clock.advance(30_000);
  expect(await answered).toBe("unavailable");
  expect(page.emitted.at(-1)).toMatchObject(["tokenfailed", { code: "silent_timeout" }]);
  page.source.delay = 0;
  const again = page.outcome();
  await page.clock.advance(1_000);
  expect(await again).toBe("t1");
  expect(page.source.silent.map(({ unanswered }) => unanswered)).toEqual([0, 1]);
});

test("a request fails as a network error if the part that recovers cannot be loaded", async () => {
  const page = new TokenPage();
  page.source.interactionRequired = true;
  page.loadRecovery = () => Promise.reject(new TypeError("Failed to fetch the module."));
  expect(await page.outcome()).toBe("unavailable");
});

test("an event describes each token that was acquired, and the page lists the last one for its scopes", async () => {
  const page = new TokenPage();
  const expiresOn = page.clock.now() + 3_600_000;
  page.source.answer = async () => {
    await page.clock.advance(70);
    const correlationId = "b6a1e4d2-0c0c-4f5e-9d53-2d1f6c1a7e90";
    return { ...page.token("t1", "ada", 3_600_000 - 70), fromCache: true, correlationId };
  };
  await page.ask();
  const detail = {
    resource: KEY,
    scopes: SCOPES,
    fromCache: true,
    interactive: false,
    duration: 70,
    expiresOn,
    correlationId: "b6a1e4d2-0c0c-4f5e-9d53-2d1f6c1a7e90",
  };
  expect(page.emitted).toEqual([["tokenacquired", detail]]);
  expect([...page.acquisition.tokens]).toEqual([["write read", detail]]);
  await page.ask();
  expect(page.emitted[1]).toEqual(["tokenacquired", { ...detail, duration: 0 }]);
});

const msalError = (errorCode: string): Error =>
  Object.assign(new Error("https://aka.ms/msal"), { errorCode });

/** An error of `TokenSource.acquireSilent`, with the code and reason of the event and the fate of the request. */
const silentFailures: [
  error: unknown,
  code: BearerWorkerErrorCode,
  reason: string | null,
  outcome: string,
][] = [
  [failure("silent_failed"), "silent_failed", null, "unavailable"],
  [failure("silent_timeout"), "silent_timeout", null, "unavailable"],
  [failure("invalid_options"), "invalid_options", null, "unavailable"],
  [failure("unsupported_token_type"), "unsupported_token_type", null, "unavailable"],
  [failure("signed_out"), "signed_out", null, "bare"],
  [msalError("no_account_error"), "signed_out", "no_account_error", "bare"],
  [msalError("no_network_connectivity"), "silent_failed", "no_network_connectivity", "unavailable"],
  [new Error("A secret."), "silent_failed", null, "unavailable"],
  ["A secret.", "silent_failed", null, "unavailable"],
  [undefined, "silent_failed", null, "unavailable"],
  [
    failure("silent_failed", { cause: new Error("Wrapped.", { cause: msalError("timed_out") }) }),
    "silent_failed",
    "timed_out",
    "unavailable",
  ],
];

for (const [error, code, reason, outcome] of silentFailures) {
  test(`a silent failure with ${reason ?? code} (${String(error).slice(0, 20)}) makes the request ${outcome}`, async () => {
    const page = new TokenPage();
    page.source.answer = (): Promise<AccessToken> => Promise.reject(error);
    expect(await page.outcome()).toBe(outcome);
    expect(page.asked).toEqual([]);
    const correlationId = null;
    expect(page.emitted).toEqual([
      ["tokenfailed", { resource: KEY, scopes: SCOPES, code, reason, correlationId, outcome }],
    ]);
  });
}

test("a failure has the identity library's correlation id, also of an error that is the cause of ours", async () => {
  for (const [given, correlationId] of [
    ["5c1e", "5c1e"],
    ["", null],
    [7, null],
  ] as const) {
    const page = new TokenPage();
    const cause = Object.assign(msalError("timed_out"), { correlationId: given });
    page.source.answer = () => Promise.reject(failure("silent_failed", { cause }));
    await page.ask();
    expect(page.emitted).toMatchObject([["tokenfailed", { reason: "timed_out", correlationId }]]);
  }
});

for (const [code, outcome] of [
  ["interaction_declined", "bare"],
  ["interaction_disabled", "bare"],
  ["interaction_failed", "bare"],
  ["popup_blocked", "bare"],
  ["popup_closed", "bare"],
  ["redirecting", "unavailable"],
  ["silent_timeout", "unavailable"],
] as const) {
  test(`an interaction that ends with ${code} makes the request ${outcome}`, async () => {
    const page = new TokenPage();
    page.source.interactionRequired = true;
    page.interact = () => Promise.reject(failure(code));
    expect(await page.outcome()).toBe(outcome);
    expect(page.emitted.at(-1)).toEqual([
      "tokenfailed",
      { resource: KEY, scopes: SCOPES, code, reason: null, correlationId: null, outcome },
    ]);
  });
}
