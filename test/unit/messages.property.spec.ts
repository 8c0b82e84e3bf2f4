import assert from "node:assert/strict";
import { test } from "@playwright/test";
import fc from "fast-check";
import { seal } from "../../protocol/messages.ts";
import {
  ignoredMessages,
  readAnnouncement,
  readReply,
  readWorkerMessage,
} from "../../protocol/read-message.ts";

const readers = [readAnnouncement, readReply, readWorkerMessage];

test("what is not a message of ours is ignored, never thrown at", () => {
  const types = fc.constantFrom(
    "announce",
    "identify",
    "acquire",
    "observed",
    "token",
    "identity",
    "waiting",
    "bare",
    "__proto__",
  );
  const nearly = fc.record(
    { bearerWorker: fc.constantFrom(1, 2, "1", null), type: types },
    { requiredKeys: [] },
  );
  // What structured cloning lets through and no conversion to a string survives.
  const unspeakable = fc.record({
    bearerWorker: fc.constant(1),
    type: fc.constantFrom({ toString: 1, valueOf: 1 }, Object.create(null), ["identify"], Symbol("identify")),
  });
  fc.assert(
    fc.property(fc.oneof(fc.anything(), nearly, unspeakable), (data) => {
      for (const read of readers) {
        const message = read(data);
        if (message !== null) assert.equal((data as { bearerWorker: unknown }).bearerWorker, 1);
      }
    }),
    { numRuns: 5_000 },
  );
});

test("a message arrives as it was sent, and with a wrong field not at all", () => {
  const answer = { type: "token", account: "a", accessToken: "t", endsAt: 1, renewAt: 1 } as const;
  assert.deepEqual(readReply(seal(answer)), { ...answer, bearerWorker: 1 });
  for (const field of ["account", "accessToken", "endsAt", "renewAt"]) {
    assert.equal(readReply({ ...seal(answer), [field]: {} }), null, field);
  }
  assert.equal(readReply({ ...seal(answer), bearerWorker: 2 }), null);
  assert.equal(readWorkerMessage(seal(answer)), null);
});

test("what is malformed is counted, and what is no message of ours is not", () => {
  const before = ignoredMessages;
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
  assert.equal(ignoredMessages, before);
  readWorkerMessage(seal({ type: "identify" }));
  assert.equal(ignoredMessages, before);
  readWorkerMessage({ bearerWorker: 2, type: "identify" });
  readReply({ bearerWorker: 1, type: "nonsense" });
  assert.equal(ignoredMessages, before + 2);
});
