import { expect, test } from "@playwright/test";
import { decodeJwt, type JWTPayload } from "jose";
import type { RequestMatch } from "../../pipeline/request-matcher.ts";
import type { TokenResult } from "../../pipeline/token-result.ts";
import type { ProofSigner } from "../../protocol/answers.ts";
import { ORDERS, type Received, RecordedRealm, responseFrom, tokenOf } from "./recorded-realm.ts";

const URL_OF_ORDER = "https://api.example.com/orders/7?expand=lines";
const BOUND: RequestMatch = { ...ORDERS, tokenType: "DPoP" };
const MEBIBYTE = 1_048_576;

const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, [
  "sign",
  "verify",
]);
const bound = (accessToken: string, signer: ProofSigner = keys): TokenResult => ({
  type: "token",
  account: "ada",
  accessToken,
  from: "memory",
  signer,
});
const order = (init: RequestInit = {}): Request => new Request(URL_OF_ORDER, init);
const proofIn = ({ request }: Received): JWTPayload => decodeJwt(request.headers.get("DPoP") ?? "");
const refusal = (error: string, headers: Record<string, string> = {}): Response =>
  responseFrom(URL_OF_ORDER, 401, { "WWW-Authenticate": `DPoP error="${error}"`, ...headers });
const wantsNonce = (nonce: string): Response => refusal("use_dpop_nonce", { "DPoP-Nonce": nonce });
/** Answers that come one after the other, and then 200. */
const answers =
  (...responses: Response[]) =>
  (): Response =>
    responses.shift() ?? responseFrom(URL_OF_ORDER);

test("a request carries the token by the scheme DPoP, and a proof for its method and URL", async () => {
  const realm = new RecordedRealm([bound("t1")]);
  await realm.authorize(order({ method: "PUT", body: "lines" }), BOUND);
  const [received] = realm.received as [Received];
  expect(received.authorization).toBe("DPoP t1");
  expect(proofIn(received)).toMatchObject({ htm: "PUT", htu: "https://api.example.com/orders/7" });
  expect(proofIn(received).iat).toBe(realm.clock.now() / 1_000);
});

for (const challenge of [
  'DPoP error = "use_dpop_nonce"',
  'dpop Error="use_dpop_nonce"',
  "DPoP error=use_dpop_nonce",
  'Bearer error="invalid_token", DPoP algs="ES256", error="use_dpop_nonce"',
]) {
  test(`a nonce is asked for by ${challenge}`, async () => {
    const headers = { "WWW-Authenticate": challenge, "DPoP-Nonce": "n1" };
    const realm = new RecordedRealm([bound("t1")], answers(responseFrom(URL_OF_ORDER, 401, headers)));

    const { response } = await realm.authorize(order(), BOUND);

    expect(response.status).toBe(200);
    expect(realm.received.map((received) => proofIn(received)["nonce"])).toEqual([undefined, "n1"]);
    expect(realm.questions).toHaveLength(1);
  });
}

test("a challenge whose text only quotes an error of proofs says nothing about the proof", async () => {
  const challenge = 'DPoP error="invalid_token", hint="not error=use_dpop_nonce"';
  const headers = { "WWW-Authenticate": challenge, "DPoP-Nonce": "n1" };
  const realm = new RecordedRealm(
    [bound("t1"), bound("t2")],
    answers(responseFrom(URL_OF_ORDER, 401, headers)),
  );

  await realm.authorize(order(), BOUND);

  expect(realm.received.map(({ authorization }) => authorization)).toEqual(["DPoP t1", "DPoP t2"]);
});

for (const [title, token, match] of [
  ["a bearer token where the map says DPoP", tokenOf("t1"), BOUND],
  ["a DPoP token where the map says nothing of it", bound("t1"), ORDERS],
] as const) {
  test(`${title} is not sent at all`, async () => {
    const realm = new RecordedRealm([token]);
    await expect(realm.authorize(order(), match)).rejects.toThrow(TypeError);
    expect(realm.received).toEqual([]);
  });
}

test("a server that wants a nonce gets the request again with the nonce, body and all", async () => {
  const realm = new RecordedRealm([bound("t1")], answers(wantsNonce("n1")));
  const { response, ...rest } = await realm.authorize(order({ method: "POST", body: "lines" }), BOUND);
  expect(response.status).toBe(200);
  expect(rest).toEqual({
    token: "memory",
    refused: false,
    replayed: false,
    proofReplaced: true,
    tokenTime: 0,
  });
  expect(realm.received.map((received) => [received.body, proofIn(received)["nonce"]])).toEqual([
    ["lines", undefined],
    ["lines", "n1"],
  ]);
  const [first, second] = realm.received as [Received, Received];
  expect(proofIn(second).jti).not.toBe(proofIn(first).jti);
  expect(realm.questions).toHaveLength(1);
  expect(realm.refusedProofs).toEqual([]);
});

test("the newest nonce of a server is used at once, whichever response has brought it", async () => {
  const realm = new RecordedRealm(
    [bound("t1"), bound("t1"), bound("t1")],
    answers(wantsNonce("n1"), responseFrom(URL_OF_ORDER, 200, { "DPoP-Nonce": "n2" })),
  );
  await realm.authorize(order(), BOUND);
  await realm.authorize(order(), BOUND);
  expect(realm.received.map((received) => proofIn(received)["nonce"])).toEqual([undefined, "n1", "n2"]);

  const other = "https://other.example.com";
  await realm.authorize(new Request(`${other}/orders/7`), { ...BOUND, server: other });
  expect(proofIn(realm.received.at(-1) as Received)["nonce"]).toBeUndefined();
});

test("a nonce of another server, to which the request was redirected, is not taken for the first server's", async () => {
  const elsewhere = responseFrom("https://cdn.example.net/7", 200, { "DPoP-Nonce": "of-cdn" });
  const realm = new RecordedRealm([bound("t1"), bound("t1")], answers(elsewhere));
  await realm.authorize(order(), BOUND);
  await realm.authorize(order(), BOUND);
  expect(proofIn(realm.received[1] as Received)["nonce"]).toBeUndefined();
});

test("a request that needs a nonce and then new claims succeeds, and each is asked for once", async () => {
  for (const first of ["use_dpop_nonce", "insufficient_claims"] as const) {
    const refusals = [wantsNonce("n1"), refusal("insufficient_claims")];
    if (first === "insufficient_claims") refusals.reverse();
    const realm = new RecordedRealm([bound("t1"), bound("t2")], answers(...refusals));
    const { response, refused, replayed, proofReplaced } = await realm.authorize(
      order({ method: "POST", body: "lines" }),
      BOUND,
    );
    expect([response.status, refused, replayed, proofReplaced]).toEqual([200, true, true, true]);
    expect(realm.received.map(({ body }) => body)).toEqual(["lines", "lines", "lines"]);
    expect(realm.received.at(-1)?.authorization).toBe("DPoP t2");
    expect(proofIn(realm.received.at(-1) as Received)["nonce"]).toBe("n1");
    expect(realm.questions).toHaveLength(2);
  }
});

test("there is no third try: a nonce that is refused, or a second claims challenge, is the answer", async () => {
  const nonces = new RecordedRealm(
    [bound("t1")],
    answers(wantsNonce("n1"), wantsNonce("n2"), wantsNonce("n3")),
  );
  expect((await nonces.authorize(order(), BOUND)).response.status).toBe(401);
  expect(nonces.received).toHaveLength(2);
  expect(nonces.refusedProofs).toEqual([["dpop_nonce_missing", false]]);

  const claims = new RecordedRealm(
    [bound("t1"), bound("t2"), bound("t3")],
    answers(refusal("insufficient_claims"), wantsNonce("n1"), refusal("insufficient_claims")),
  );
  expect((await claims.authorize(order(), BOUND)).response.status).toBe(401);
  expect(claims.received).toHaveLength(3);
});

test("a nonce that the server's CORS configuration hides is not waited for, and the reason is told", async () => {
  const realm = new RecordedRealm([bound("t1")], answers(refusal("use_dpop_nonce")));
  expect((await realm.authorize(order(), BOUND)).response.status).toBe(401);
  expect(realm.received).toHaveLength(1);
  expect(realm.refusedProofs).toEqual([["dpop_nonce_missing", false]]);
});

test("a body that is too large to be kept is not sent again for a nonce, and the next request has the nonce", async () => {
  const realm = new RecordedRealm([bound("t1"), bound("t1")], answers(wantsNonce("n1")));
  const large = "x".repeat(MEBIBYTE + 1);
  expect((await realm.authorize(order({ method: "POST", body: large }), BOUND)).response.status).toBe(401);
  await realm.authorize(order(), BOUND);
  expect(realm.received.map((received) => proofIn(received)["nonce"])).toEqual([undefined, "n1"]);
});

test("a proof has the server's time after the server refused the device's, until the clocks differ otherwise", async () => {
  const realm = new RecordedRealm([bound("t1"), bound("t1"), bound("t1")]);
  const { clock } = realm;
  const late = (minutes: number) => ({ Date: new Date(clock.now() + minutes * 60_000).toUTCString() });
  realm.answer = answers(refusal("invalid_dpop_proof", late(10)));
  const { response, proofReplaced } = await realm.authorize(order(), BOUND);
  expect([response.status, proofReplaced]).toEqual([200, true]);
  expect(realm.refusedProofs).toEqual([["dpop_clock_differs", true]]);

  await clock.advance(30_000);
  await realm.authorize(order(), BOUND);
  const now = clock.now() / 1_000;
  expect(realm.received.map((received) => (proofIn(received).iat ?? 0) - now)).toEqual([-30, 570, 600]);

  // The user has set the device's clock.
  realm.answer = answers(refusal("invalid_dpop_proof", late(0)));
  await realm.authorize(order(), BOUND);
  expect(proofIn(realm.received.at(-1) as Received).iat).toBe(now);
});

test("a proof that is refused while the clocks agree is not sent again, and the reason is told", async () => {
  const realm = new RecordedRealm([bound("t1")]);
  const { clock } = realm;
  realm.answer = () => refusal("invalid_dpop_proof", { Date: new Date(clock.now()).toUTCString() });
  expect((await realm.authorize(order(), BOUND)).response.status).toBe(401);
  expect(realm.received).toHaveLength(1);
  expect(realm.refusedProofs).toEqual([["dpop_proof_refused", false]]);
});

test("a page that has the key signs for each request, and is told the nonce", async () => {
  const realm = new RecordedRealm([bound("t1", "page")], answers(wantsNonce("n1")));
  let count = 0;
  realm.signInPage = () => ({ accessToken: "newer", proof: `proof-${++count}`, account: "ada" });
  await realm.authorize(order({ method: "POST", body: "lines" }), BOUND);
  expect(realm.wantedProofs).toEqual([
    { method: "POST", nonce: null },
    { method: "POST", nonce: "n1" },
  ]);
  expect(realm.received.map(({ request }) => request.headers.get("DPoP"))).toEqual(["proof-1", "proof-2"]);
  expect(realm.received.map(({ authorization }) => authorization)).toEqual(["DPoP newer", "DPoP newer"]);
});

test("a page that signs by a wrong clock is told so, and no proof is tried in vain", async () => {
  const realm = new RecordedRealm([bound("t1", "page"), bound("t1", "page")]);
  realm.signInPage = () => ({ accessToken: "t1", proof: "proof", account: "ada" });
  const date = new Date(realm.clock.now() - 600_000).toUTCString();
  realm.answer = () => refusal("invalid_dpop_proof", { Date: date });
  for (const times of [1, 2]) {
    expect((await realm.authorize(order(), BOUND)).response.status).toBe(401);
    expect(realm.received).toHaveLength(times);
    expect(realm.refusedProofs.at(-1)).toEqual(["dpop_clock_differs", false]);
  }
});

/** A page that signs for `ada` so many times, and has switched to `alan` by then. */
const signsAs = (times: number) => {
  let count = 0;
  return () => {
    const account = ++count > times ? "alan" : "ada";
    return { accessToken: `${account}'s`, proof: `proof-${count}`, account };
  };
};

test("a request that a page signed for is not sent again by the account to which that page has switched", async () => {
  for (const error of ["use_dpop_nonce", "invalid_token"]) {
    const realm = new RecordedRealm([bound("t1", "page"), bound("t2", "page")]);
    realm.answer = () => refusal(error, { "DPoP-Nonce": "n1" });
    realm.signInPage = signsAs(1);
    const { response } = await realm.authorize(order({ method: "POST", body: "lines" }), BOUND);
    expect(response.status).toBe(401);
    expect(realm.wantedProofs).toHaveLength(2);
    expect(realm.received.map(({ authorization }) => authorization)).toEqual(["DPoP ada's"]);
  }
});

test("a request whose page has switched before it was sent belongs to the new account, replay included", async () => {
  const realm = new RecordedRealm([bound("t1", "page")], answers(wantsNonce("n1")));
  realm.signInPage = signsAs(0);
  const { response } = await realm.authorize(order({ method: "POST", body: "lines" }), BOUND);
  expect(response.status).toBe(200);
  expect(realm.received.map(({ authorization }) => authorization)).toEqual(["DPoP alan's", "DPoP alan's"]);
});

test("a refusal of a page's newer token names the token that was sent", async () => {
  const realm = new RecordedRealm([bound("t1", "page"), bound("t2", "page")]);
  realm.answer = answers(refusal("invalid_token"));
  realm.signInPage = signsAs(2);
  await realm.authorize(order(), BOUND);
  expect(realm.questions.at(-1)?.accessToken).toBe("ada's");
});

test("the attempts of a request without CORS are of one account", async () => {
  const realm = new RecordedRealm([bound("t1", "page")]);
  realm.answer = () => {
    throw new TypeError("Failed to fetch");
  };
  realm.signInPage = signsAs(1);
  await expect(realm.authorize(order({ mode: "no-cors" }), BOUND)).rejects.toThrow(TypeError);
  expect(realm.received.map(({ authorization }) => authorization)).toEqual(["DPoP ada's"]);
});

test("a request fails as a network error while no page can sign, and is not sent", async () => {
  const realm = new RecordedRealm([bound("t1", "page")]);
  await expect(realm.authorize(order(), BOUND)).rejects.toThrow(TypeError);
  expect(realm.received).toEqual([]);
});

test("each attempt of a request without CORS has a proof of its own, the one that tries out a POST included", async () => {
  const image = new RecordedRealm([bound("t1")], ({ request }) => {
    if (request.mode === "cors" && request.credentials === "include") throw new TypeError("Failed to fetch");
    return responseFrom(request.url);
  });
  await image.authorize(order({ mode: "no-cors", credentials: "include" }), BOUND);
  expect(image.received).toHaveLength(2);
  expect(new Set(image.received.map((received) => proofIn(received).jti)).size).toBe(2);

  const form = new RecordedRealm([bound("t1")]);
  await form.authorize(order({ mode: "no-cors", method: "POST", body: "lines" }), BOUND);
  expect(form.received.map((received) => proofIn(received)["htm"])).toEqual(["HEAD", "POST"]);
});
