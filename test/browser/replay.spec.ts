import { createHash } from "node:crypto";
import type { Stack } from "../../dev/start-stack.ts";
import { expect, test } from "./fixtures.ts";

const MEBIBYTE = 1_048_576;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** What the API saw of POST requests: its answer, and what it read of the body. */
const posts = ({ api }: Stack) =>
  api.received.filter(({ method }) => method === "POST").map(({ status, body }) => [status, body?.sha256]);

test("a request with a body is sent again, body and all, after a challenge", async ({ site, stack }) => {
  await site.fetch("/api/orders", { method: "POST", body: "first" });
  await stack.api.revokeTokens();

  const got = await site.fetch("/api/orders", { method: "POST", body: "second" });

  expect(got).toMatchObject({ status: 201, body: { received: { bytes: 6 } } });
  expect(posts(stack)).toEqual([
    [201, sha256("first")],
    [401, sha256("second")],
    [201, sha256("second")],
  ]);
});

for (const [kind, body] of [
  [
    "form",
    `(() => { const form = new FormData(); form.append("file", new Blob(["x".repeat(1000)]), "x.txt"); return form; })()`,
  ],
  ["blob", `new Blob([new Uint8Array(${MEBIBYTE})])`],
  ["buffer", `new Uint8Array(${MEBIBYTE}).buffer`],
]) {
  test(`a ${kind} of up to 1 MiB is sent again`, async ({ site, stack }) => {
    await site.fetch("/api/orders", { method: "POST", body: "first" });
    await stack.api.revokeTokens();

    const status = await site.run(
      `fetch("/api/orders", { method: "POST", body: ${body} }).then(({ status }) => status)`,
    );

    expect(status).toBe(201);
    const [, refused, replayed] = posts(stack);
    expect(refused?.[0]).toBe(401);
    expect(replayed).toEqual([201, refused?.[1]]);
  });
}

test("a larger body gets the 401 back, and the next request has the new token", async ({ site, stack }) => {
  await site.fetch("/api/orders", { method: "POST", body: "first" });
  await stack.api.revokeTokens();

  const upload = `fetch("/api/orders", { method: "POST", body: new Uint8Array(${MEBIBYTE + 1}) })`;
  expect(await site.run(`${upload}.then(({ status }) => status)`)).toBe(401);
  expect(await site.run(`${upload}.then(({ status }) => status)`)).toBe(201);

  expect(posts(stack).map(([status]) => status)).toEqual([201, 401, 201]);
});

test("a larger body does not wait for the user: the 401 comes back while the dialog asks", async ({
  site,
  stack,
}) => {
  await site.fetch("/api/orders", { method: "POST", body: "first" });
  await stack.api.revokeTokens();
  site.endSession();
  await site.useUpClick();

  const status = await site.run(
    `fetch("/api/orders", { method: "POST", body: new Uint8Array(${MEBIBYTE + 1}) }).then(({ status }) => status)`,
  );

  expect(status).toBe(401);
  await site.dialogShown();
  expect(posts(stack).map(([status]) => status)).toEqual([201, 401]);
});

test("an API that refuses the new token like the old one is not asked twice each time", async ({
  open,
  stack,
}) => {
  stack.api.settings.always401["/api/orders"] = true;
  const site = await open();
  await site.signIn();

  for (let i = 0; i < 3; i++) expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  expect(stack.api.received.map(({ path }) => path)).toEqual(Array(4).fill("/api/orders"));
  const refreshes = stack.provider.requests.filter(({ grantType }) => grantType === "refresh_token");
  // One for the first token of the API, one for the challenge.
  expect(refreshes).toHaveLength(2);
});

test("two tabs that give a restarted worker their tokens again, both revoked, have a new one", async ({
  site,
  open,
  page,
  stack,
}) => {
  const other = await open({}, await page.context().newPage());
  await other.signInSilently();
  // Each has had a token of its own.
  for (const tab of [site, other]) {
    await tab.stopWorker();
    expect(await tab.fetch("/api/orders")).toMatchObject({ status: 200 });
  }
  await site.stopWorker();
  await stack.api.revokeTokens();
  stack.api.reset();
  stack.api.settings.delayMs["/api/orders"] = 500;

  const first = site.fetch("/api/orders");
  await expect.poll(() => stack.api.received.length).toBe(1);
  const second = other.fetch("/api/orders");

  expect(await Promise.all([first, second])).toMatchObject([{ status: 200 }, { status: 200 }]);
});
