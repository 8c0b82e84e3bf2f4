import { createHash } from "node:crypto";
import { build } from "esbuild";
import type { UserManager } from "oidc-client-ts";
import type { Stack } from "../../dev/start-stack.ts";
import { test } from "./elsewhere.ts";
import { expect, type SitePage, tokenRequests } from "./fixtures.ts";
import { openKeySite, requestAllKinds } from "./proof-sites.ts";

declare global {
  interface Window {
    users: UserManager;
    /** The statuses of a fetch and an XMLHttpRequest that the page made right after `attachTokens`. */
    ownCalls: Promise<number[]>;
  }
}

const ADA = "ada@contoso.example";

/** Requests that the API has admitted, by method and path. */
const admitted = ({ api }: Stack): string[] =>
  api.received.filter(({ proof }) => proof !== null).map(({ method, path }) => `${method} ${path}`);
const refusals = ({ api }: Stack): (string | null)[] =>
  api.received.flatMap(({ refusal }) => (refusal === null ? [] : [refusal]));
const failures = async (site: SitePage): Promise<unknown[]> =>
  (await site.events("tokenfailed")).map(({ code, outcome }) => [code, outcome]);

test("a Workbox strategy with the plugin uses the nonce of each answer, that of a replay included, and replaces no proof that is refused for good", async ({
  page,
  stack,
}) => {
  const map = {
    [`${stack.api.origin}/media/*`]: [{ scopes: ["api://media/Media.Read"], tokenType: "DPoP" }],
  };
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { BearerTokenPlugin } from "bearer-worker/sw";
        import { NetworkOnly } from "workbox-strategies";
        const strategy = new NetworkOnly({
          plugins: [new BearerTokenPlugin({ protectedResourceMap: ${JSON.stringify(map)} })],
        });
        self.addEventListener("fetch", (event) => {
          if (event.request.url.includes("/media/")) event.respondWith(strategy.handle(event));
        });`,
      resolveDir: ".",
    },
    alias: { "bearer-worker/sw": "./dist/sw.js" },
    bundle: true,
    write: false,
    define: { "process.env.NODE_ENV": '"production"' },
  });
  stack.site.override("/bearer-sw.js", { body: outputFiles[0]?.text ?? "" });
  const site = await openKeySite(page, stack);
  stack.api.reset();
  stack.api.settings.dpopNonces = "rotating";
  for (let i = 0; i < 3; i++) expect((await site.fetch("api:/media/echo")).status).toBe(200);
  expect(stack.api.received.map(({ status }) => status)).toEqual([401, 200, 200, 200]);

  // Another proof for the same URL would be refused like the first.
  stack.api.reset();
  expect((await site.fetch("api:/media/redirect?to=/media/echo")).status).toBe(401);
  expect(stack.api.received.map(({ path, refusal }) => [path, refusal])).toEqual([
    ["/media/redirect", null],
    ["/media/echo", "the URL is another one"],
  ]);
});

test("every kind of request carries a proof of its own that the worker signs, with the API's newest nonce", async ({
  page,
  context,
  stack,
}) => {
  const said: string[] = [];
  context.on("console", (message) => said.push(message.text()));
  const site = await openKeySite(page, stack);
  stack.api.reset();
  await site.run(requestAllKinds, stack.api.origin);
  expect(new Set(admitted(stack))).toEqual(
    new Set([
      "GET /media/echo",
      "POST /media/echo",
      "GET /media/photo",
      "GET /media/clip",
      "GET /media/events",
    ]),
  );
  expect(stack.api.received.every(({ token }) => token?.username === ADA)).toBe(true);
  expect(stack.api.received.find(({ path }) => path === "/media/clip")?.headers.range).toBe("bytes=0-");
  expect(refusals(stack)).toEqual([]);
  const proofs = stack.api.received.map(({ proof }) => proof?.jti);
  expect(new Set(proofs).size).toBe(proofs.length);

  // Each nonce counts once, and a refused request is sent again: its body, too.
  stack.api.reset();
  stack.api.settings.dpopNonces = "rotating";
  const order = { method: "POST", body: "2 abaci" };
  for (const init of [order, {}, {}]) expect((await site.fetch("api:/media/echo", init)).status).toBe(200);
  expect(stack.api.received.map(({ method, status }) => [method, status])).toEqual([
    ["POST", 401],
    ["POST", 200],
    ["GET", 200],
    ["GET", 200],
  ]);
  const sha256 = createHash("sha256").update(order.body).digest("hex");
  expect(stack.api.received.slice(0, 2).map(({ body }) => body?.sha256)).toEqual([sha256, sha256]);
  // A nonce, then a new token: each is one replay.
  await stack.api.revokeTokens();
  stack.api.settings.revocation = "invalid-token";
  await site.stopWorker();
  expect((await site.fetch("api:/media/echo", order)).status).toBe(200);
  expect(stack.api.received.slice(-3).map(({ status }) => status)).toEqual([401, 401, 200]);

  // A worker that has just started, and a hundred requests at once: one question for the token, none for a proof.
  stack.api.reset();
  await site.stopWorker();
  const before = tokenRequests(stack).length;
  const statuses = await site.run(
    (url) => Promise.all(Array.from({ length: 100 }, () => fetch(url).then(({ status }) => status))),
    `${stack.api.origin}/media/echo`,
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(new Set(stack.api.received.map(({ proof }) => proof?.jti)).size).toBe(100);
  expect(tokenRequests(stack)).toHaveLength(before);

  // The page is frozen, and its web worker goes on.
  await site.run((url) => {
    const source = "onmessage = ({ data }) => setInterval(() => fetch(data), 200)";
    const worker = new Worker(URL.createObjectURL(new Blob([source])));
    worker.postMessage(url);
    addEventListener("thawed", () => worker.terminate());
  }, `${stack.api.origin}/media/echo?frozen`);
  await expect.poll(() => stack.api.received.some(({ query }) => query === "frozen")).toBe(true);
  await site.freeze();
  stack.api.reset();
  await expect.poll(() => admitted(stack).length).toBeGreaterThan(1);
  await site.thaw();
  await site.run(() => dispatchEvent(new Event("thawed")));

  // Nothing of it is written down.
  expect(await failures(site)).toEqual([]);
  const events = await site.run(() => JSON.stringify(window.events));
  expect(events).toContain('"tokenType":"DPoP"');
  for (const text of [...said, events]) expect(text).not.toMatch(/eyJ[\w-]{10,}/);
  const kept = await site.run(async () => ({
    session: Object.keys(sessionStorage).map((key) => key.split(":")[0]),
    local: Object.keys(localStorage).length,
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
  }));
  expect(kept).toEqual({ session: ["oidc.user"], local: 0, databases: ["oidc"], caches: [] });
});

test("a wrong clock is corrected once, a redirect ends at the server, and a bearer token is never sent in place of a bound one", async ({
  page,
  stack,
  elsewhere,
}) => {
  const site = await openKeySite(page, stack);
  const statusOf = async (url: string, init?: RequestInit): Promise<number> =>
    (await site.fetch(url, init)).status;

  // Without its worker the page makes the proofs for its own calls, and sends them again with the nonce.
  stack.api.settings.dpopNonces = "same";
  await site.hardReload();
  expect(await site.run(() => window.ownCalls)).toEqual([200, 200]);
  expect(admitted(stack)).toEqual(expect.arrayContaining(["GET /media/echo", "POST /media/echo"]));
  await site.attached();

  // The device's clock is ten minutes late.
  stack.api.reset();
  stack.api.settings.clockAheadSeconds = 600;
  expect([await statusOf("api:/media/echo"), await statusOf("api:/media/echo")]).toEqual([200, 200]);
  expect(stack.api.received.map(({ status }) => status)).toEqual([401, 200, 200]);
  expect(await failures(site)).toEqual([["dpop_clock_differs", "replayed"]]);

  // Within the origin the browser takes token and proof along, and the server refuses a proof for another URL.
  stack.api.reset();
  stack.api.settings.clockAheadSeconds = 600;
  expect(await statusOf("api:/media/redirect?to=/media/echo")).toBe(401);
  expect(
    stack.api.received.map(({ path, authorization, refusal }) => [path, authorization, refusal]),
  ).toEqual([
    ["/media/redirect", "dpop", null],
    ["/media/echo", "dpop", "the URL is another one"],
  ]);
  expect((await failures(site)).at(-1)).toEqual(["dpop_proof_refused", "bare"]);
  // To another origin the browser takes the proof along, and no token. A server that does not expect a proof gets no request.
  expect(await statusOf(`api:/media/redirect?to=${encodeURIComponent(`${elsewhere.origin}/file`)}`)).toBe(0);
  expect(elsewhere.visits).toEqual([]);

  // A caller's own credentials are left alone.
  stack.api.reset();
  for (const headers of [{ Authorization: "DPoP mine" }, { DPoP: "mine" }] as Record<string, string>[])
    expect(await statusOf("api:/media/echo", { headers })).toBe(401);
  expect(stack.api.received.map(({ authorization }) => authorization)).toEqual(["dpop", "none"]);

  // The provider forgets how to bind tokens. The request ends, and no bearer token goes out.
  stack.api.reset();
  stack.provider.settings.ignoreDpop = true;
  stack.provider.revokeRefreshTokens();
  await site.run(async () => {
    (await window.attached).forgetTokens();
    await window.users.removeUser();
    await window.users.signinSilent();
  });
  expect(await statusOf("api:/media/echo")).toBe(0);
  expect(stack.api.received).toEqual([]);
  expect((await failures(site)).at(-1)).toEqual(["unsupported_token_type", "unavailable"]);
});
