import { expect, test } from "@playwright/test";
import { BARE, type TokenResult, UNAVAILABLE } from "../../pipeline/token-result.ts";
import { challengeFrom, ORDERS, RecordedRealm, responseFrom, tokenOf } from "./recorded-realm.ts";

const URL_OF_ORDER = "https://api.example.com/orders/7?expand=lines";
const MEBIBYTE = 1_048_576;

const order = (init: RequestInit = {}): Request => new Request(URL_OF_ORDER, init);
const image = (init: RequestInit = {}): Request =>
  new Request(URL_OF_ORDER, { mode: "no-cors", credentials: "include", ...init });
const authorizations = (realm: RecordedRealm): (string | null)[] =>
  realm.received.map(({ authorization }) => authorization);
const noCors = (): never => {
  throw new TypeError("Failed to fetch");
};
/** A server whose first answer is a challenge. */
const refuseFirst = ({ request }: { readonly request: Request }, count: number): Response =>
  count === 1 ? challengeFrom(request.url) : responseFrom(request.url);

test("a request goes out with the token, and its response comes back as it is", async () => {
  const realm = new RecordedRealm([tokenOf("t1", "page")]);
  const { response, ...rest } = await realm.authorize(order());
  expect(authorizations(realm)).toEqual(["Bearer t1"]);
  expect(await response.text()).toBe("answer 200");
  expect(rest).toEqual({ token: "page", refused: false, replayed: false, tokenTime: 0 });
});

test("a request keeps what its caller has set", async () => {
  const realm = new RecordedRealm([tokenOf("t1")]);
  const asked = (): Request =>
    order({
      method: "PUT",
      body: '{"lines":3}',
      headers: { "Content-Type": "application/json", "X-Trace": "42", Range: "bytes=0-9" },
      cache: "no-store",
      credentials: "include",
      redirect: "manual",
      referrer: "https://shop.example/cart",
      referrerPolicy: "origin",
      integrity: "sha256-AAAA",
      keepalive: true,
    });
  await realm.authorize(asked());
  // Node.js 24 resets the referrer of every copy, unlike browsers: see test/browser/referrer.spec.ts.
  const { referrer, referrerPolicy } = new Request(asked());
  const [received] = realm.received;
  expect(received).toMatchObject({ body: '{"lines":3}', mode: "cors", credentials: "include" });
  expect(received?.request).toMatchObject({
    url: URL_OF_ORDER,
    method: "PUT",
    cache: "no-store",
    redirect: "manual",
    referrer,
    referrerPolicy,
    integrity: "sha256-AAAA",
    keepalive: true,
  });
  expect(Object.fromEntries(received?.request.headers ?? [])).toEqual({
    authorization: "Bearer t1",
    "content-type": "application/json",
    range: "bytes=0-9",
    "x-trace": "42",
  });
});

test("a request whose caller gives up is aborted with the token on it, too", async () => {
  const realm = new RecordedRealm([tokenOf("t1")]);
  const caller = new AbortController();
  await realm.authorize(order({ signal: caller.signal }));
  caller.abort();
  expect(realm.received[0]?.request.signal.aborted).toBe(true);
});

test("a request without a token goes out bare, as its caller made it", async () => {
  const realm = new RecordedRealm([BARE]);
  const request = order({ method: "POST", body: "lines" });
  const { token, response } = await realm.authorize(request);
  expect(realm.received.map(({ request: sent }) => sent)).toEqual([request]);
  expect(authorizations(realm)).toEqual([null]);
  expect([token, response.status]).toEqual(["none", 200]);
});

test("a request whose token cannot be had now fails as a network error, and is not sent", async () => {
  const realm = new RecordedRealm([UNAVAILABLE]);
  await expect(realm.authorize(order())).rejects.toThrow(TypeError);
  expect(realm.received).toEqual([]);
});

test("a request fails as the network fails", async () => {
  const realm = new RecordedRealm([tokenOf("t1")], noCors);
  await expect(realm.authorize(order())).rejects.toThrow(/^Failed to fetch$/);
  expect(realm.received).toHaveLength(1);
});

test("the time for a token is measured, and the time for the response is not part of it", async () => {
  const realm = new RecordedRealm();
  let give = (): void => undefined;
  realm.tokens = [new Promise<TokenResult>((resolve) => (give = () => resolve(tokenOf("t1"))))];
  const authorized = realm.authorize(order());
  await realm.clock.advance(250);
  give();
  expect((await authorized).tokenTime).toBe(250);
});

for (const [outcome, second] of [
  ["the token that comes", tokenOf("t2")],
  ["the user who declines", BARE],
] as const) {
  test(`the time for a second token counts as well, up to ${outcome}`, async () => {
    const realm = new RecordedRealm([], refuseFirst);
    let give = (): void => undefined;
    realm.tokens = [tokenOf("t1"), new Promise<TokenResult>((resolve) => (give = () => resolve(second)))];
    const authorized = realm.authorize(order());
    await expect.poll(() => realm.questions).toHaveLength(2);
    await realm.clock.advance(3_200);
    give();
    expect(await authorized).toMatchObject({ refused: true, tokenTime: 3_200 });
  });
}

test("a challenge leads to one replay with the new token", async () => {
  const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t2", "page")], refuseFirst);
  const { response, token, replayed } = await realm.authorize(order());
  expect(authorizations(realm)).toEqual(["Bearer t1", "Bearer t2"]);
  const sentAt = realm.clock.now();
  expect(realm.questions).toEqual([
    null,
    { challenge: 'Bearer error="invalid_token"', accessToken: "t1", account: "ada", sentAt },
  ]);
  expect([response.status, token, replayed]).toEqual([200, "page", true]);
});

test("a replay carries the same body, method and headers", async () => {
  const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t2")], refuseFirst);
  await realm.authorize(order({ method: "POST", body: "lines", headers: { "X-Trace": "42" } }));
  expect(realm.received.map(({ body }) => body)).toEqual(["lines", "lines"]);
  expect(realm.received.map(({ request }) => [request.method, request.headers.get("X-Trace")])).toEqual([
    ["POST", "42"],
    ["POST", "42"],
  ]);
});

test("the second answer is final, even if it is another challenge", async () => {
  const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t2"), tokenOf("t3")], ({ request }) =>
    challengeFrom(request.url),
  );
  const { response, replayed } = await realm.authorize(order());
  expect([response.status, replayed]).toEqual([401, true]);
  expect(authorizations(realm)).toEqual(["Bearer t1", "Bearer t2"]);
  expect(realm.questions).toHaveLength(2);
});

test("a server that refuses every token costs a question after one second, then after two, four and eight", async () => {
  const realm = new RecordedRealm([tokenOf("t0"), tokenOf("t1")], ({ request }) =>
    challengeFrom(request.url),
  );
  const questions = (): number => realm.questions.filter(Boolean).length;
  await realm.authorize(order());
  for (const [index, seconds] of [1, 2, 4, 8].entries()) {
    const [last, next] = [tokenOf(`t${index + 1}`), tokenOf(`t${index + 2}`)];
    realm.tokens.push(last, last, next);
    await realm.clock.advance(seconds * 1_000 - 1);
    expect(await realm.authorize(order())).toMatchObject({ refused: true, replayed: false });
    expect(questions()).toBe(index + 1);
    await realm.clock.advance(1);
    expect(await realm.authorize(order())).toMatchObject({ refused: true, replayed: true });
    expect(questions()).toBe(index + 2);
  }
});

for (const description of [
  (count: number) => `error_description="The token is not valid before '11/29/2026 12:00:0${count}'"`,
  (count: number) => `error_uri=https://api.example.com/errors/${count}`,
  (count: number) => `error_description=It expired ${count} seconds ago`,
]) {
  const challenge = `Bearer realm="orders", ${description(1)}, error="invalid_token"`;
  test(`refusals that differ in their descriptions alone count as one: ${challenge}`, async () => {
    const realm = new RecordedRealm([tokenOf("t0"), tokenOf("t1")], ({ request }, count) =>
      responseFrom(request.url, 401, {
        "WWW-Authenticate": challenge.replace(description(1), description(count)),
      }),
    );
    await realm.authorize(order());
    realm.tokens.push(tokenOf("t1"), tokenOf("t2"));
    const { response, replayed } = await realm.authorize(order());
    expect([response.status, replayed]).toEqual([401, false]);
    expect(response.headers.get("WWW-Authenticate")).toContain(description(3));
    expect(realm.questions.filter(Boolean)).toMatchObject([
      { challenge: 'Bearer realm="orders", error="invalid_token"' },
    ]);
  });
}

test("a request is not replayed for another account than the one that it was sent for", async () => {
  const realm = new RecordedRealm(
    [tokenOf("ada's", "memory", "ada"), tokenOf("alan's", "page", "alan")],
    refuseFirst,
  );
  const { response, replayed } = await realm.authorize(order({ method: "POST", body: "note" }));
  expect([response.status, replayed]).toEqual([401, false]);
  expect(authorizations(realm)).toEqual(["Bearer ada's"]);
});

test("a successor that was accepted and is then revoked has a successor at once", async () => {
  const revoked = new Set(["Bearer t1"]);
  const realm = new RecordedRealm(
    [tokenOf("t1"), tokenOf("t2"), tokenOf("t2"), tokenOf("t3")],
    ({ authorization, request }) =>
      revoked.has(authorization ?? "") ? challengeFrom(request.url) : responseFrom(request.url),
  );
  await realm.authorize(order());
  revoked.add("Bearer t2");
  const { response, replayed } = await realm.authorize(order());
  expect([response.status, replayed]).toEqual([200, true]);
});

for (const [kind, outcome] of [
  ["there is no new token", BARE],
  ["a new token cannot be had now", UNAVAILABLE],
] as const) {
  test(`the challenge itself comes back if ${kind}`, async () => {
    const realm = new RecordedRealm([tokenOf("t1"), outcome], ({ request }) => challengeFrom(request.url));
    const { response, replayed, token } = await realm.authorize(order());
    expect([response.status, replayed, token]).toEqual([401, false, "memory"]);
    expect(await response.text()).toBe("answer 401");
    expect(realm.received).toHaveLength(1);
  });
}

test("the realm stays alive while a refused token is renewed", async () => {
  const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t2")], refuseFirst);
  await realm.authorize(order());
  expect(await Promise.all(realm.keptAliveFor)).toEqual([tokenOf("t2")]);
});

for (const [kind, status, headers] of [
  ["a 401 without a challenge", 401, {}],
  ["a 403 with a challenge", 403, { "WWW-Authenticate": 'Bearer error="invalid_token"' }],
] as const) {
  test(`${kind} comes back at once`, async () => {
    const realm = new RecordedRealm([tokenOf("t1")], ({ request }) =>
      responseFrom(request.url, status, headers),
    );
    expect((await realm.authorize(order())).response.status).toBe(status);
    expect(realm.questions).toEqual([null]);
  });
}

for (const elsewhere of [
  "https://other.example/orders/7",
  "https://api.example.com.evil.example/",
  "http://api.example.com/",
]) {
  test(`a challenge of ${elsewhere} after a redirect says nothing about the token`, async () => {
    const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t2")], () => challengeFrom(elsewhere));
    expect((await realm.authorize(order())).response.status).toBe(401);
    expect(realm.questions).toEqual([null]);
    expect(realm.received).toHaveLength(1);
  });
}

test("a challenge after a redirect within the origin counts", async () => {
  const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t2")], ({ request }, count) =>
    count === 1 ? challengeFrom("https://api.example.com/v2/orders/7") : responseFrom(request.url),
  );
  expect((await realm.authorize(order())).replayed).toBe(true);
});

test("a body of 1 MiB is sent again", async () => {
  const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t2")], refuseFirst);
  const { replayed } = await realm.authorize(order({ method: "POST", body: "x".repeat(MEBIBYTE) }));
  expect(replayed).toBe(true);
  expect(realm.received.map(({ body }) => body.length)).toEqual([MEBIBYTE, MEBIBYTE]);
});

test("a body above 1 MiB is not sent again, and its response waits for the new token", async () => {
  const realm = new RecordedRealm([tokenOf("t1")], ({ request }) => challengeFrom(request.url));
  let give = (): void => undefined;
  realm.tokens.push(new Promise<TokenResult>((resolve) => (give = () => resolve(tokenOf("t2")))));
  let status = 0;
  const authorized = realm.authorize(order({ method: "POST", body: "x".repeat(MEBIBYTE + 1) }));
  void authorized.then(({ response }) => (status = response.status));
  await expect.poll(() => realm.clock.timers).toBe(1);
  expect(status).toBe(0);
  give();
  expect((await authorized).replayed).toBe(false);
  expect([status, realm.received.length]).toEqual([401, 1]);
});

test("the response to a body above 1 MiB waits 2 seconds for the new token and no longer", async () => {
  const realm = new RecordedRealm([tokenOf("t1")], ({ request }) => challengeFrom(request.url));
  realm.tokens.push(new Promise<TokenResult>(() => undefined));
  let status = 0;
  const authorized = realm.authorize(order({ method: "POST", body: "x".repeat(MEBIBYTE + 1) }));
  void authorized.then(({ response }) => (status = response.status));
  await expect.poll(() => realm.clock.timers).toBe(1);
  await realm.clock.advance(1_999);
  expect(status).toBe(0);
  await realm.clock.advance(1);
  expect(status).toBe(401);
});

/** An order whose body the page has not ended, and a server that does not wait for the end. */
function openOrder(realm: RecordedRealm): {
  readonly request: Request;
  readonly body: ReadableStreamDefaultController<Uint8Array>;
} {
  let body!: ReadableStreamDefaultController<Uint8Array>;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      body = controller;
      body.enqueue(new TextEncoder().encode("a"));
    },
  });
  realm.answersEarly = true;
  return { request: order({ method: "POST", body: stream, duplex: "half" } as RequestInit), body };
}

test("a refused response waits two seconds for the end of a streamed body, and no longer", async () => {
  const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t2")], ({ request }) =>
    challengeFrom(request.url),
  );
  const { request } = openOrder(realm);
  let status = 0;
  const authorized = realm.authorize(request);
  void authorized.then(({ response }) => (status = response.status));
  await expect.poll(() => realm.clock.timers).toBe(1);
  await realm.clock.advance(1_999);
  expect(status).toBe(0);
  await realm.clock.advance(1);
  expect(await authorized).toMatchObject({ refused: true, replayed: false });
  expect([status, realm.received.length]).toEqual([401, 1]);
});

test("a streamed body that ends in time is sent again", async () => {
  const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t2")], refuseFirst);
  const { request, body } = openOrder(realm);
  const authorized = realm.authorize(request);
  await expect.poll(() => realm.clock.timers).toBe(1);
  realm.answersEarly = false;
  body.enqueue(new TextEncoder().encode("b"));
  body.close();
  expect((await authorized).replayed).toBe(true);
  expect(realm.received.map((one) => one.body)).toEqual(["", "ab"]);
});

test("a body that the page cannot go on sending leaves the resource server's refusal", async () => {
  const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t2")], ({ request }) =>
    challengeFrom(request.url),
  );
  const { request, body } = openOrder(realm);
  const authorized = realm.authorize(request);
  await expect.poll(() => realm.clock.timers).toBe(1);
  body.error(new TypeError("The page gave up"));
  expect((await authorized).response.status).toBe(401);
  expect(realm.received).toHaveLength(1);
});

test("a body of gigabytes is read no further than it can be sent again", async () => {
  const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t2")], ({ request }) =>
    challengeFrom(request.url),
  );
  realm.answersEarly = true;
  const megabyte = new Uint8Array(MEBIBYTE);
  let pulled = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(megabyte);
    },
  });
  const request = order({ method: "POST", body: stream, duplex: "half" } as RequestInit);
  expect((await realm.authorize(request)).response.status).toBe(401);
  expect(pulled).toBeLessThan(10);
});

test("every request is sent through the guard against sending twice", async () => {
  for (const [tokens, mode, count] of [
    [[BARE], "cors", 1],
    [[tokenOf("t1"), tokenOf("t2")], "cors", 2],
    [[tokenOf("t1"), tokenOf("t2")], "no-cors", 2],
  ] as const) {
    const realm = new RecordedRealm([...tokens], refuseFirst);
    await realm.authorize(order({ mode }));
    expect(realm.sentOnce).toHaveLength(count);
  }
});

test("a no-cors request becomes a cors request with its own credentials and referrer", async () => {
  const realm = new RecordedRealm([tokenOf("t1")]);
  await realm.authorize(image({ referrer: "https://shop.example/cart", referrerPolicy: "origin" }));
  expect(realm.received).toHaveLength(1);
  expect(realm.received[0]).toMatchObject({
    authorization: "Bearer t1",
    mode: "cors",
    credentials: "include",
  });
  expect(realm.received[0]?.request).toMatchObject({
    referrer: "https://shop.example/cart",
    referrerPolicy: "origin",
  });
});

test("a no-cors request is tried with cookies, then with those of the page's origin only, then bare", async () => {
  const realm = new RecordedRealm([tokenOf("t1")], ({ request, mode }) =>
    mode === "cors" ? noCors() : responseFrom(request.url),
  );
  const { response } = await realm.authorize(image());
  expect(response.status).toBe(200);
  expect(
    realm.received.map(({ authorization, mode, credentials }) => [authorization, mode, credentials]),
  ).toEqual([
    ["Bearer t1", "cors", "include"],
    ["Bearer t1", "cors", "same-origin"],
    [null, "no-cors", "include"],
  ]);
});

for (const method of ["GET", "POST"]) {
  test(`a no-cors ${method} that was last sent bare counts as sent without a token`, async () => {
    const realm = new RecordedRealm([tokenOf("t1")], ({ request, mode }) =>
      mode === "cors" ? noCors() : responseFrom(request.url),
    );

    const { token } = await realm.authorize(image({ method }));

    expect(realm.received.at(-1)?.authorization).toBeNull();
    expect(token).toBe("none");
  });
}

test("a no-cors POST is sent once, by the way that a request without effects has found", async () => {
  const beacon = () => image({ method: "POST", body: "x", credentials: "include" });
  const isPreflightOnly = new RecordedRealm([tokenOf("t1")], ({ request, mode }) =>
    mode === "cors" ? noCors() : responseFrom(request.url),
  );
  const hasCors = new RecordedRealm([tokenOf("t1"), tokenOf("t1")]);
  await isPreflightOnly.authorize(beacon());
  await hasCors.authorize(beacon());
  await hasCors.authorize(beacon());

  const sent = ({ received }: RecordedRealm) =>
    received.map(({ request, authorization }) => [request.method, authorization]);
  expect(sent(isPreflightOnly)).toEqual([
    ["HEAD", "Bearer t1"],
    ["POST", null],
  ]);
  expect(sent(hasCors)).toEqual([
    ["HEAD", "Bearer t1"],
    ["POST", "Bearer t1"],
    ["POST", "Bearer t1"],
  ]);
});

const VERSIONED = { ...ORDERS, headers: [["x-ms-version", "2025-01-05"]] } as const;
const versions = ({ received }: RecordedRealm) =>
  received.map(({ request, authorization }) => [
    request.method,
    authorization,
    request.headers.get("x-ms-version"),
  ]);

test("the headers of an entry go out with each token, and never replace one that the caller has set", async () => {
  const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t2")], refuseFirst);
  await realm.authorize(order({ method: "PUT", body: "lines" }), VERSIONED);
  expect(versions(realm)).toEqual([
    ["PUT", "Bearer t1", "2025-01-05"],
    ["PUT", "Bearer t2", "2025-01-05"],
  ]);

  const own = new RecordedRealm([tokenOf("t1")]);
  await own.authorize(order({ headers: { "X-Ms-Version": "2017-11-09" } }), VERSIONED);
  expect(versions(own)).toEqual([["GET", "Bearer t1", "2017-11-09"]]);
});

test("the headers of an entry never go out without a token", async () => {
  const visitor = new RecordedRealm([BARE]);
  await visitor.authorize(order(), VERSIONED);
  expect(versions(visitor)).toEqual([["GET", null, null]]);

  const noServerCors = new RecordedRealm([tokenOf("t1"), tokenOf("t1")], ({ request, mode }) =>
    mode === "cors" ? noCors() : responseFrom(request.url),
  );
  await noServerCors.authorize(image(), VERSIONED);
  await noServerCors.authorize(image(), VERSIONED);
  expect(versions(noServerCors)).toEqual([
    ["GET", "Bearer t1", "2025-01-05"],
    ["GET", "Bearer t1", "2025-01-05"],
    ["GET", null, null],
    ["GET", null, null],
  ]);
});

test("the request that finds a POST's way has the headers of its entry, since the preflight names them", async () => {
  const realm = new RecordedRealm([tokenOf("t1")]);
  await realm.authorize(image({ method: "POST", body: "x" }), VERSIONED);
  expect(versions(realm)).toEqual([
    ["HEAD", "Bearer t1", "2025-01-05"],
    ["POST", "Bearer t1", "2025-01-05"],
  ]);
});

test("a no-cors request fails when no way works", async () => {
  const realm = new RecordedRealm([tokenOf("t1")], noCors);
  await expect(realm.authorize(image())).rejects.toThrow("Failed to fetch");
  expect(realm.received).toHaveLength(3);
});

test("the way that worked is remembered for the resource", async () => {
  const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t1")], ({ request, credentials }) =>
    credentials === "include" ? noCors() : responseFrom(request.url),
  );
  await realm.authorize(image());
  await realm.authorize(image());
  expect(realm.received.map(({ credentials }) => credentials)).toEqual([
    "include",
    "same-origin",
    "same-origin",
  ]);
});

for (const [kind, other] of [
  ["another key of the map", { ...ORDERS, key: "https://api.example.com/photos/*" }],
  ["another server of the same key", { ...ORDERS, server: "https://eu.api.example.com" }],
] as const) {
  test(`the way that worked says nothing about ${kind}`, async () => {
    const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t1")], ({ request, credentials }) =>
      credentials === "include" ? noCors() : responseFrom(request.url),
    );
    await realm.authorize(image());
    await realm.authorize(image(), other);
    expect(realm.received.map(({ credentials }) => credentials)).toEqual([
      "include",
      "same-origin",
      "include",
      "same-origin",
    ]);
  });
}

test("one request of a resource may still go bare after a way with a token worked for others", async () => {
  const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t1"), tokenOf("t1")]);
  await realm.authorize(image());
  realm.answer = ({ request, mode }) => (mode === "cors" ? noCors() : responseFrom(request.url));
  await realm.authorize(image());
  realm.answer = ({ request }) => responseFrom(request.url);
  await realm.authorize(image());
  expect(authorizations(realm)).toEqual(["Bearer t1", "Bearer t1", null, "Bearer t1"]);
});

test("a resource without CORS goes bare for a minute without a token, and is tried again then", async () => {
  const realm = new RecordedRealm([], ({ request, mode }) =>
    mode === "cors" ? noCors() : responseFrom(request.url),
  );
  realm.tokens = [tokenOf("t1"), tokenOf("t2")];
  await realm.authorize(image());
  await realm.clock.advance(59_999);
  expect((await realm.authorize(image())).token).toBe("none");
  expect(authorizations(realm)).toEqual(["Bearer t1", "Bearer t1", null, null]);
  expect(realm.questions).toHaveLength(1);

  await realm.clock.advance(1);
  await realm.authorize(image());
  expect(authorizations(realm).slice(4)).toEqual(["Bearer t2", "Bearer t2", null]);
});

test("a no-cors POST takes the way that is known and no other", async () => {
  const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t1")]);
  await realm.authorize(image());
  realm.answer = noCors;
  await expect(realm.authorize(image({ method: "POST", body: "lines" }))).rejects.toThrow(TypeError);
  expect(realm.received.map(({ credentials }) => credentials)).toEqual(["include", "include"]);
});

test("a no-cors POST leaves no way behind for other requests", async () => {
  const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t1")]);
  await realm.authorize(image({ method: "POST", body: "lines" }));
  await realm.authorize(image());
  expect(realm.received.map(({ credentials }) => credentials)).toEqual([
    "same-origin",
    "same-origin",
    "include",
  ]);
});

test("a no-cors request is replayed after a challenge by the way that worked", async () => {
  const realm = new RecordedRealm([tokenOf("t1"), tokenOf("t2")], ({ request, credentials }, count) => {
    if (credentials === "include") return noCors();
    return count === 2 ? challengeFrom(request.url) : responseFrom(request.url);
  });
  expect((await realm.authorize(image())).replayed).toBe(true);
  expect(realm.received.map(({ authorization, credentials }) => [authorization, credentials])).toEqual([
    ["Bearer t1", "include"],
    ["Bearer t1", "same-origin"],
    ["Bearer t2", "same-origin"],
  ]);
});
