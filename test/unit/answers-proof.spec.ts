import { expect, test } from "@playwright/test";
import type { AccessToken, ProofRequest, ProvenToken } from "../../page/token-source.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import type { Answer } from "../../protocol/answers.ts";
import type { ProveQuestion, WantedProof } from "../../protocol/questions.ts";
import { ADA, ALAN, TokenPage, wantedFor } from "./token-page.ts";

const MAP = {
  "https://api.example.com/*": [{ scopes: ["write", "read"], tokenType: "DPoP" as const }],
};
const wanted = wantedFor({ tokenType: "DPoP" });
const p256 = { name: "ECDSA", namedCurve: "P-256" };

/** A page whose identity library keeps the key, and signs itself. */
function signingPage() {
  const page = new TokenPage({ map: MAP });
  const asked: ProofRequest[] = [];
  let token = "t1";
  const state = {
    page,
    asked,
    renew: (): string => (token = "t2"),
    sign: (request: ProofRequest): Promise<ProvenToken> => {
      asked.push(request);
      return Promise.resolve({ ...bound(), proof: `proof-${asked.length}` });
    },
  };
  const bound = (): AccessToken => ({ ...page.token(token), signer: (request) => state.sign(request) });
  page.source.answer = bound;
  return state;
}

const prove = (
  { page }: { page: TokenPage },
  proof: WantedProof = { method: "GET", nonce: null },
  question: Partial<ProveQuestion> = {},
): Promise<Answer> => page.answers.proof({ type: "prove", account: ADA, wanted, proof, ...question });
const codes = ({ emitted }: TokenPage): unknown[] =>
  emitted.flatMap(([name, detail]) => (name === "tokenfailed" ? [[detail.code, detail.outcome]] : []));

test("a token with a key pair is given with it, and one whose library signs is given with the page as its signer", async () => {
  const withKeys = new TokenPage({ map: MAP });
  const answer = await withKeys.ask({ wanted });
  expect(answer).toMatchObject({ type: "token", token: { accessToken: "t1" } });
  const signer = answer.type === "token" ? answer.token.signer : undefined;
  expect(signer).toMatchObject({ privateKey: { extractable: false } });
  expect(withKeys.source.silent[0]).toMatchObject({ tokenType: "DPoP" });

  const { page } = signingPage();
  expect(await page.ask({ wanted })).toMatchObject({ token: { accessToken: "t1", signer: "page" } });
});

test("the library signs for the URL without its query, and is told the method and the nonce", async () => {
  const site = signingPage();
  await site.page.ask({ wanted });
  const url = `${wanted.url}?secret=1#part`;
  const answer = await prove(site, { method: "HEAD", nonce: "n1" }, { wanted: { ...wanted, url } });
  expect(site.asked).toEqual([{ url: wanted.url, method: "HEAD", nonce: "n1" }]);
  expect(answer).toMatchObject({
    type: "token",
    account: ADA,
    token: { accessToken: "t1" },
    proof: "proof-1",
  });
  expect(site.page.source.silent).toHaveLength(1);
});

test("a token that the library has replaced meanwhile is given with its proof, and held from then on", async () => {
  const site = signingPage();
  await site.page.ask({ wanted });
  site.renew();
  expect(await prove(site)).toMatchObject({ token: { accessToken: "t2" } });
  expect(await site.page.ask({ wanted })).toMatchObject({ token: { accessToken: "t2" } });
});

test("a page signs nothing for a request that its map does not name, of another type, method or account", async () => {
  const site = signingPage();
  await site.page.ask({ wanted });
  const other = { ...wanted, url: "https://other.example.com/orders" };
  expect(await prove(site, undefined, { wanted: other })).toEqual({ type: "bare" });
  expect(await prove(site, undefined, { wanted: wantedFor() })).toEqual({ type: "bare" });
  expect(await prove(site, { method: "POST", nonce: null })).toEqual({ type: "bare" });
  expect(await prove(site, undefined, { account: ALAN })).toMatchObject({ type: "identity", account: ADA });
  expect(site.asked).toEqual([]);
});

test("a proof of the account to which the page has switched is no answer to a question for the other account", async () => {
  const site = signingPage();
  await site.page.ask({ wanted });
  site.sign = () => {
    site.page.source.signIn("alan");
    return Promise.resolve({ ...site.page.token("t2", "alan"), signer: site.sign, proof: "proof" });
  };
  expect(await prove(site)).toMatchObject({ type: "identity", account: ALAN });
});

test("a page without a token at hand says so, and so does one whose user has to act", async () => {
  const site = signingPage();
  expect(await prove(site)).toEqual({ type: "bare" });
  await site.page.ask({ wanted });
  site.sign = () => Promise.reject(new BearerWorkerError("interaction_required", "The user has to act."));
  expect(await prove(site)).toEqual({ type: "bare" });
  expect(codes(site.page)).toEqual([]);
  // The token is at hand no more: the next question asks the library.
  await site.page.ask({ wanted });
  expect(site.page.source.silent).toHaveLength(2);
});

test("a library that fails to sign, or never answers, ends the request as a network error with an event", async () => {
  const site = signingPage();
  await site.page.ask({ wanted });
  site.sign = () => Promise.reject(Object.assign(new Error("down"), { errorCode: "invalid_dpop_htu" }));
  expect(await prove(site)).toEqual({ type: "unavailable" });
  site.sign = () => new Promise(() => undefined);
  const silent = prove(site);
  await site.page.clock.advance(30_000);
  expect(await silent).toEqual({ type: "unavailable" });
  expect(codes(site.page)).toEqual([
    ["silent_failed", "unavailable"],
    ["silent_timeout", "unavailable"],
  ]);
});

for (const [title, algorithm, extractable] of [
  ["can be read", p256, true],
  ["is of another curve", { name: "ECDSA", namedCurve: "P-384" }, false],
] as const) {
  test(`a key that ${title} is refused, and reaches no worker`, async () => {
    const page = new TokenPage({ map: MAP });
    const keys = await crypto.subtle.generateKey(algorithm, extractable, ["sign", "verify"]);
    page.source.answer = () => ({ ...page.token("t1"), signer: keys });
    expect(await page.ask({ wanted })).toMatchObject({ type: "unavailable" });
    expect(codes(page)).toEqual([["unsupported_token_type", "unavailable"]]);
  });
}

test("a bearer token where the map says DPoP ends the request, and so does the reverse", async () => {
  const downgraded = new TokenPage({ map: MAP });
  downgraded.source.answer = () => downgraded.token("plain");
  expect(await downgraded.ask({ wanted })).toMatchObject({ type: "unavailable" });
  expect(codes(downgraded)).toEqual([["unsupported_token_type", "unavailable"]]);

  const unasked = new TokenPage();
  unasked.source.answer = () => ({
    ...unasked.token("t1"),
    signer: () => Promise.resolve({ ...unasked.token("t1"), proof: "p" }),
  });
  expect(await unasked.ask()).toMatchObject({ type: "unavailable" });
});

test("a challenge for bearer tokens asks for no new DPoP token, and the reverse", async () => {
  const refusal = (scheme: string) => ({
    challenge: `${scheme} error="invalid_token"`,
    accessToken: "t1",
    account: "ada",
    sentAt: 0,
  });
  const { page } = signingPage();
  await page.ask({ wanted });
  expect(await page.ask({ wanted, refusal: refusal("Bearer") })).toEqual({ type: "bare" });
  expect(await page.ask({ wanted, refusal: refusal("DPoP") })).toMatchObject({ type: "token" });
  const bearer = new TokenPage();
  await bearer.ask();
  expect(await bearer.ask({ refusal: refusal("DPoP") })).toEqual({ type: "bare" });
});
