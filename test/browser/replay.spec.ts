import { createHash } from "node:crypto";
import type { Stack } from "../../dev/start-stack.ts";
import { expect, type SitePage, test } from "./fixtures.ts";

const MEBIBYTE = 1_048_576;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The POST requests that the API received: the status of its answer, and the digest of the body. */
const posts = ({ api }: Stack) =>
  api.received.filter(({ method }) => method === "POST").map(({ status, body }) => [status, body?.sha256]);

test("a request is sent again with its body after a challenge", async ({ site, stack }) => {
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

/** Posts so many bytes. Resolves to the status of the response. */
const upload = (site: SitePage, bytes: number): Promise<number> =>
  site.run(
    (length) =>
      fetch("/api/orders", { method: "POST", body: new Uint8Array(length) }).then(({ status }) => status),
    bytes,
  );

/** Functions of a page that post a body of each kind. */
const POSTS: Record<string, (mebibyte: number) => Promise<number>> = {
  form: () => {
    const body = new FormData();
    body.append("file", new Blob(["x".repeat(1000)]), "x.txt");
    return fetch("/api/orders", { method: "POST", body }).then(({ status }) => status);
  },
  blob: (mebibyte) => {
    const body = new Blob([new Uint8Array(mebibyte)]);
    return fetch("/api/orders", { method: "POST", body }).then(({ status }) => status);
  },
  buffer: (mebibyte) => {
    const body = new Uint8Array(mebibyte).buffer;
    return fetch("/api/orders", { method: "POST", body }).then(({ status }) => status);
  },
};

for (const [kind, post] of Object.entries(POSTS)) {
  test(`a ${kind} of up to 1 MiB is sent again`, async ({ site, stack }) => {
    await site.fetch("/api/orders", { method: "POST", body: "first" });
    await stack.api.revokeTokens();

    expect(await site.run(post, MEBIBYTE)).toBe(201);

    const [, refused, replayed] = posts(stack);
    expect(refused?.[0]).toBe(401);
    expect(replayed).toEqual([201, refused?.[1]]);
  });
}

test("a larger body gets the 401 back, and the next request has the new token", async ({ site, stack }) => {
  await site.fetch("/api/orders", { method: "POST", body: "first" });
  await stack.api.revokeTokens();

  expect(await upload(site, MEBIBYTE + 1)).toBe(401);
  expect(await upload(site, MEBIBYTE + 1)).toBe(201);

  expect(posts(stack).map(([status]) => status)).toEqual([201, 401, 201]);
});

test("a larger body does not wait for the user, and gets the 401 back while the dialog asks", async ({
  site,
  stack,
}) => {
  await site.fetch("/api/orders", { method: "POST", body: "first" });
  await stack.api.revokeTokens();
  site.endSession();
  await site.useUpClick();

  expect(await upload(site, MEBIBYTE + 1)).toBe(401);
  await site.dialogShown();
  expect(posts(stack).map(([status]) => status)).toEqual([201, 401]);
});

test("an API that refuses the new token, too, gets one replay for the first request alone", async ({
  open,
  stack,
}) => {
  stack.api.settings.always401["/api/orders"] = true;
  const site = await open();
  await site.signIn();

  for (let i = 0; i < 3; i++) expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  expect(stack.api.received.map(({ path }) => path)).toEqual(Array(4).fill("/api/orders"));
  const refreshes = stack.provider.requests.filter(({ grantType }) => grantType === "refresh_token");
  // The first refresh is for the API's first token, the second for the challenge.
  expect(refreshes).toHaveLength(2);
});

test("two tabs that give a restarted worker their revoked tokens both get a new one", async ({
  site,
  open,
  page,
  stack,
}) => {
  const other = await open({}, await page.context().newPage());
  await other.signInSilently();
  // Each tab gets a token of its own.
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
