import { expect, test } from "@playwright/test";
import { HeldTokens } from "../../page/acquisition/held-tokens.ts";
import type { AccessToken } from "../../page/token-source.ts";
import type { SignedIn } from "../../protocol/page-account.ts";
import { ManualClock } from "./manual-clock.ts";

const ADA: SignedIn = { type: "account", id: "ada", perResource: false };
const ORDERS = { key: "https://api.example.com/orders/*", scopes: ["read"] };
const CHALLENGE = 'Bearer error="invalid_token"';
const HOUR = 3_600_000;

class Page {
  readonly clock = new ManualClock();
  readonly held = new HeldTokens(this.clock);

  token(accessToken: string, lifetime = HOUR, refreshIn?: number): AccessToken {
    const expiresOn = new Date(this.clock.now() + lifetime);
    const refreshOn = refreshIn === undefined ? undefined : new Date(this.clock.now() + refreshIn);
    return { accessToken, account: "ada", expiresOn, refreshOn };
  }

  hold(token: AccessToken, { account = ADA, resource = ORDERS, answers = null as string | null } = {}): void {
    this.held.place()(account, resource, token, answers);
  }

  /** The token that can be sent. */
  usable(account = ADA, resource = ORDERS): string | null {
    return this.held.usable(account, resource)?.token.accessToken ?? null;
  }
}

test("a token is at hand until 10 seconds before its end", async () => {
  const page = new Page();
  page.hold(page.token("t1", 60_000));
  await page.clock.advance(49_999);
  expect(page.usable()).toBe("t1");
  await page.clock.advance(1);
  expect(page.usable()).toBeNull();
});

test("a new token takes the place of the one before", () => {
  const page = new Page();
  page.hold(page.token("t1"));
  page.hold(page.token("t2"));
  expect(page.usable()).toBe("t2");
});

test("a token is for its account and scopes alone", () => {
  const page = new Page();
  page.hold(page.token("t1"));
  expect(page.usable({ ...ADA, id: "alan" })).toBeNull();
  expect(page.usable(ADA, { ...ORDERS, scopes: ["write"] })).toBeNull();
  expect(page.usable(ADA, { ...ORDERS, scopes: ["read", "write"] })).toBeNull();
});

test("a token is for every key with the same scopes, unless tokens differ from one key to the next", () => {
  const page = new Page();
  const photos = { ...ORDERS, key: "https://api.example.com/photos/*" };
  page.hold(page.token("t1"));
  expect(page.usable(ADA, photos)).toBe("t1");
  const account = { ...ADA, perResource: true };
  page.hold(page.token("t2"), { account });
  expect(page.usable(account)).toBe("t2");
  expect(page.usable(account, photos)).toBeNull();
});

test("a token that was acquired for the very challenge is the successor of the refused one", () => {
  const page = new Page();
  page.hold(page.token("t2"), { answers: CHALLENGE });
  const successorOf = (accessToken: string, challenge = CHALLENGE) =>
    page.held.successor(ADA, ORDERS, { accessToken, challenge, account: "ada", sentAt: 0 })?.token
      .accessToken ?? null;
  expect(successorOf("t1")).toBe("t2");
  expect(successorOf("t2")).toBeNull();
  expect(successorOf("t1", 'Bearer error="insufficient_claims"')).toBeNull();
});

test("a token from before the refused one was sent is no successor", async () => {
  const page = new Page();
  page.hold(page.token("t2"), { answers: CHALLENGE });
  const successorAt = (sentAt: number) =>
    page.held.successor(ADA, ORDERS, { accessToken: "t1", challenge: CHALLENGE, account: "ada", sentAt })
      ?.token.accessToken;
  const heldAt = page.clock.now();
  await page.clock.advance(5_000);
  expect(successorAt(heldAt - 1)).toBe("t2");
  expect(successorAt(heldAt + 1)).toBeUndefined();
});

test("a token that was acquired without a challenge is no successor, and neither is one that ends", async () => {
  const page = new Page();
  const refusal = { accessToken: "t1", challenge: CHALLENGE, account: "ada", sentAt: 0 };
  page.hold(page.token("t2"));
  expect(page.held.successor(ADA, ORDERS, refusal)).toBeNull();
  page.hold(page.token("t3", 60_000), { answers: CHALLENGE });
  await page.clock.advance(50_000);
  expect(page.held.successor(ADA, ORDERS, refusal)).toBeNull();
});

test("a challenge is answered for a minute, by the token that was acquired for it", async () => {
  const page = new Page();
  page.hold(page.token("t2"), { answers: CHALLENGE });
  const isAnswered = (accessToken: string, challenge = CHALLENGE) =>
    page.held.isAnswered(ADA, ORDERS, { accessToken, challenge, account: "ada", sentAt: 0 });
  expect(isAnswered("t2")).toBe(true);
  expect(isAnswered("t1")).toBe(false);
  expect(isAnswered("t2", 'Bearer error="insufficient_claims"')).toBe(false);
  await page.clock.advance(59_999);
  expect(isAnswered("t2")).toBe(true);
  await page.clock.advance(1);
  expect(isAnswered("t2")).toBe(false);
});

test("the place for a token leads nowhere once the tokens were cleared", () => {
  const page = new Page();
  page.hold(page.token("t1"));
  const hold = page.held.place();
  page.held.clear();
  expect(page.usable()).toBeNull();
  hold(ADA, ORDERS, page.token("t2"), null);
  expect(page.usable()).toBeNull();
  page.hold(page.token("t3"));
  expect(page.usable()).toBe("t3");
});

for (const [kind, lifetime, refreshIn, endsIn, renewIn] of [
  ["an hour", HOUR, undefined, HOUR - 10_000, HOUR - 300_000],
  ["an hour and a time for its renewal", HOUR, 1_800_000, HOUR - 10_000, 1_800_000],
  ["5 minutes", 300_000, undefined, 290_000, 150_000],
  ["20 seconds", 20_000, undefined, 14_000, 10_000],
] as const) {
  test(`a token of ${kind} is sent until ${endsIn / 1_000} s, and renewed from ${renewIn / 1_000} s on`, () => {
    const page = new Page();
    const now = page.clock.now();
    expect(page.held.given(page.token("t1", lifetime, refreshIn))).toEqual({
      accessToken: "t1",
      endsAt: now + endsIn,
      renewAt: now + renewIn,
    });
  });
}

test("a page holds 200 tokens, and forgets the oldest for one more", () => {
  const page = new Page();
  const resource = (i: number) => ({ ...ORDERS, scopes: [`scope${i}`] });
  for (let i = 0; i <= 200; i++) page.hold(page.token(`t${i}`), { resource: resource(i) });
  expect(page.usable(ADA, resource(0))).toBeNull();
  expect(page.usable(ADA, resource(1))).toBe("t1");
  expect(page.usable(ADA, resource(200))).toBe("t200");
});
