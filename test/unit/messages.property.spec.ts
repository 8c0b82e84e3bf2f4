import assert from "node:assert/strict";
import { test } from "@playwright/test";
import fc from "fast-check";
import { ignoredMessages } from "../../protocol/check-message.ts";
import type { Reply } from "../../protocol/answers.ts";
import { type PageNotice, PROTOCOL_VERSION, seal, type WorkerMessage } from "../../protocol/messages.ts";
import { readPageNotice, readReply } from "../../protocol/read-from-page.ts";
import { readWorkerMessage } from "../../protocol/read-from-worker.ts";

const readers = [readPageNotice, readReply, readWorkerMessage];

test("a reader ignores everything that is no message of ours, and never throws", () => {
  const types = fc.constantFrom(
    "announce",
    "claim",
    "identify",
    "acquire",
    "prove",
    "proof-refused",
    "observed",
    "pending",
    "running",
    "sending",
    "failed",
    "preempted",
    "lacking",
    "token",
    "identity",
    "waiting",
    "bare",
    "unavailable",
    "incompatible",
    "__proto__",
    "constructor",
  );
  const nearly = fc.record(
    { bearerWorker: fc.constantFrom(PROTOCOL_VERSION, 1, 3, "2", null), type: types },
    { requiredKeys: [] },
  );
  // Structured cloning lets these values through, and their conversion to a string throws.
  const unspeakable = fc.record({
    bearerWorker: fc.constant(PROTOCOL_VERSION),
    type: fc.constantFrom({ toString: 1, valueOf: 1 }, Object.create(null), ["identify"], Symbol("identify")),
  });
  fc.assert(
    fc.property(fc.oneof(fc.anything(), nearly, unspeakable), (data) => {
      for (const read of readers) {
        const message = read(data);
        if (message === null) continue;
        assert.equal((data as { bearerWorker: unknown }).bearerWorker, PROTOCOL_VERSION);
      }
    }),
    { numRuns: 5_000 },
  );
});

const account = { type: "account", id: "ada", perResource: false } as const;
const token = { accessToken: "t", endsAt: 2, renewAt: 1 };
const wanted = { url: "https://api.example.com/a", method: "GET", scopes: ["read"], isNavigation: false };

const seen = { id: "1", resource: "/api/*", method: "GET", url: wanted.url, destination: "", startedAt: 1 };

const notices: PageNotice[] = [{ type: "announce", account, map: "[]", observing: true }, { type: "claim" }];
const replies: Reply[] = [
  { type: "waiting", milliseconds: 3_000 },
  {
    type: "identity",
    account,
    map: "[]",
    observing: false,
    unanswered: [{ lock: "l", request: "POST /a" }],
    token,
  },
  { type: "token", account, token },
  { type: "bare" },
  { type: "unavailable", failure: { code: "silent_failed", reason: "server_error", correlationId: "c" } },
  { type: "incompatible" },
];
const messages: WorkerMessage[] = [
  { type: "identify", wanted },
  { type: "prove", account, wanted, proof: { method: "GET", nonce: null } },
  {
    type: "proof-refused",
    url: wanted.url,
    method: "GET",
    code: "dpop_clock_differs",
    isReplayed: true,
  },
  {
    type: "acquire",
    account,
    wanted: { ...wanted, headers: [["x-a", "1"]] },
    purpose: "renewal",
    refusal: { challenge: "c", accessToken: "t", account: "ada", sentAt: 0 },
  },
  { type: "pending", request: { ...seen, waitsFor: "page", since: 2 } },
  {
    type: "observed",
    request: {
      ...seen,
      token: "memory",
      refused: false,
      replayed: false,
      status: 200,
      responseType: "cors",
      tokenTime: 0,
      responseTime: 3,
      ignoredMessages: 0,
    },
  },
  { type: "running" },
  { type: "preempted" },
  {
    type: "failed",
    url: wanted.url,
    method: "GET",
    failure: { code: "popup_closed", reason: null, correlationId: null },
    outcome: "bare",
  },
  { type: "lacking", keys: ["/api/*"] },
  { type: "sending", lock: "l", request: "POST /a" },
];

for (const [speaker, sent, read, others] of [
  ["a page", notices, readPageNotice, [readReply, readWorkerMessage]],
  ["a page that answers", replies, readReply, [readPageNotice, readWorkerMessage]],
  ["a worker", messages, readWorkerMessage, [readPageNotice, readReply]],
] as const) {
  for (const message of sent) {
    test(`the message "${message.type}" of ${speaker} arrives as it was sent, and nobody else may send it`, () => {
      const sealed = seal(message);
      assert.deepEqual(read(sealed), sealed);
      for (const other of others) assert.equal(other(sealed), null);
    });

    test(`the message "${message.type}" of ${speaker} does not arrive with a wrong field or another version`, () => {
      const sealed = seal(message);
      for (const field of Object.keys(message)) {
        for (const wrong of [{}, undefined, Symbol("wrong"), [{}]]) {
          // A page that has emitted no event names no failure.
          if (message.type === "unavailable" && wrong === undefined) continue;
          assert.equal(read({ ...sealed, [field]: wrong }), null, field);
        }
      }
      for (const version of [PROTOCOL_VERSION - 1, PROTOCOL_VERSION + 1]) {
        assert.equal(read(seal(message, version)), null);
      }
    });
  }
}

test("a report of a request does not arrive with a wrong field", () => {
  for (const message of messages) {
    if (message.type !== "pending" && message.type !== "observed") continue;
    for (const field of Object.keys(message.request)) {
      const request: object = { ...message.request, [field]: {} };
      assert.equal(readWorkerMessage({ ...seal(message), request }), null, field);
    }
  }
});

test("fields that a prototype lends do not count", () => {
  assert.equal(readReply(Object.create(seal({ type: "bare" }))), null);
  assert.equal(readReply({ ...seal({ type: "token", account, token }), token: Object.create(token) }), null);
});

for (const [kind, given] of [
  ["has no id", { type: "account", perResource: false }],
  ["is neither signed in nor signed out", { type: "unknown", mayAcquire: false }],
  ["does not say whether a request may sign in", { type: "signed-out" }],
] as const) {
  test(`an account that ${kind} is malformed`, () => {
    const reader: (data: unknown) => unknown = readPageNotice;
    assert.equal(
      reader({
        bearerWorker: PROTOCOL_VERSION,
        type: "announce",
        account: given,
        map: "[]",
        observing: true,
      }),
      null,
    );
  });
}

test("a list with a hole is malformed", () => {
  const identity = {
    type: "identity",
    account,
    map: "[]",
    observing: false,
    unanswered: [],
    token: null,
  } as const;
  assert.notEqual(readReply(seal(identity)), null);
  assert.equal(readReply({ ...seal(identity), unanswered: Array(1) }), null);
  assert.equal(readWorkerMessage({ ...seal({ type: "lacking", keys: [] }), keys: Array(1) }), null);
});

test("a token never belongs to a page that is signed out", () => {
  const signedOut = { type: "signed-out", mayAcquire: true };
  assert.equal(readReply({ ...seal({ type: "token", account, token }), account: signedOut }), null);
});

test("malformed messages are counted, and foreign ones are not", () => {
  const before = ignoredMessages();
  for (const foreign of [
    null,
    1,
    "text",
    {},
    { type: "identify" },
    { type: "WINDOW_READY", meta: "workbox" },
  ]) {
    for (const read of readers) read(foreign);
  }
  assert.equal(ignoredMessages(), before);
  readWorkerMessage(seal({ type: "identify", wanted: null }));
  assert.equal(ignoredMessages(), before);
  readWorkerMessage(seal({ type: "identify", wanted: null }, PROTOCOL_VERSION - 1));
  readReply({ bearerWorker: PROTOCOL_VERSION, type: "nonsense" });
  assert.equal(ignoredMessages(), before + 2);
});

test("a token brings its key pair, or the page's word that it signs, and a proof; nothing else passes for them", async () => {
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, [
    "sign",
    "verify",
  ]);
  for (const signer of [keys, "page"] as const) {
    const sealed = seal({ type: "token", account, token: { ...token, signer }, proof: "p" });
    assert.deepEqual(readReply(sealed), sealed);
  }
  for (const signer of [null, "worker", {}, { ...keys, privateKey: "k" }, { publicKey: keys.publicKey }])
    assert.equal(
      readReply({ ...seal({ type: "token", account, token }), token: { ...token, signer } }),
      null,
    );
  assert.equal(readReply({ ...seal({ type: "token", account, token }), proof: 1 }), null);
  const bound = seal({ type: "identify", wanted: { ...wanted, tokenType: "DPoP" } });
  assert.deepEqual(readWorkerMessage(bound), bound);
  assert.equal(readWorkerMessage({ ...bound, wanted: { ...wanted, tokenType: "Bearer" } }), null);
});
