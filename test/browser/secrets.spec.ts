import type { BrowserContext, Worker } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { tokensOf } from "./tokens-of.ts";

/** A JWT, an authorization code or a query in some text. */
const SECRET = /eyJ[\w-]{10,}|code=|secret/;

/** Everything that a page's origin keeps in this browser, MSAL's own keys apart. */
const keptInPage = async (): Promise<string[]> => {
  const kept: string[] = [];
  for (const storage of [localStorage, sessionStorage]) {
    for (const [key, value] of Object.entries(storage)) {
      if (!key.startsWith("msal.") && !value.includes('"clientId"') && !value.includes('"credentialType"')) {
        kept.push(key + value);
      }
    }
  }
  for (const { name } of await indexedDB.databases()) {
    if (!name?.startsWith("msal")) kept.push(`database ${name}`);
  }
  for (const name of await caches.keys()) kept.push(`cache ${name}`);
  if (document.cookie) kept.push(`cookie ${document.cookie}`);
  if (history.state) kept.push(`state ${JSON.stringify(history.state)}`);
  if (window.name) kept.push(`name ${window.name}`);
  return kept;
};

/** Every text of pages and workers from now on: console, uncaught errors, unhandled rejections. */
function saidIn(context: BrowserContext): string[] {
  const said: string[] = [];
  const listen = (worker: Worker) => worker.on("console", (message) => said.push(message.text()));
  context.on("console", (message) => said.push(message.text()));
  context.on("serviceworker", listen);
  context.on("weberror", (error) => said.push(String(error.error().stack)));
  return said;
}

test("no token is in storage, console, errors, events or URLs after a session", async ({
  context,
  open,
  stack,
}) => {
  const said = saidIn(context);
  const tokens = tokensOf(context);
  const urls: string[] = [];
  context.on("request", (request) => urls.push(request.url()));

  const site = await open();
  await site.recordRequests();
  await site.signIn();
  const account = await site.run(() => window.msal.getActiveAccount()?.homeAccountId ?? "");
  await site.fetch("/api/orders?secret=1");
  await site.fetch("api:/media/photo?secret=2");
  await site.fetch("/api/orders", { method: "POST", body: "{}" });
  await stack.api.revokeTokens();
  await site.fetch("/api/orders?secret=3");
  site.endSession();
  await stack.api.revokeTokens();
  await site.useUpClick();
  const declined = site.fetch("/api/orders?secret=4");
  await (await site.dialogShown()).getByRole("button", { name: "Not now" }).click();
  await declined;
  stack.provider.stop();
  await site.fetch("api:/media/photo?secret=5");

  await expect.poll(() => site.events("request")).toHaveLength(6);
  // The search below has something to search: it hears both consoles, and knows the tokens.
  await site.run(() => console.info("page heard"));
  await context.serviceWorkers()[0]?.evaluate(() => console.info("worker heard"));
  await expect.poll(() => said).toEqual(expect.arrayContaining(["page heard", "worker heard"]));
  const secrets = [...(await tokens()), account];
  expect(secrets.length).toBeGreaterThan(8);
  const tells = (text: string) => SECRET.test(text) || secrets.some((secret) => text.includes(secret));

  expect(await site.run(keptInPage)).toEqual([]);
  expect(tells(JSON.stringify(await site.run(() => window.events)))).toBe(false);
  // The browser itself names the URL of a request that failed.
  expect(said.filter((text) => tells(text) && !text.startsWith("Failed to load resource"))).toEqual([]);
  const asked = urls.filter((url) => !url.startsWith(stack.provider.origin) && !url.includes("secret="));
  expect(asked.filter((url) => tells(new URL(url).pathname + new URL(url).search))).toEqual([]);
  // Only the Authorization header, which the server keeps apart, carries a secret.
  const headers = [...stack.site.received, ...stack.api.received].map((request) => request.headers);
  const all = JSON.stringify(headers);
  expect(secrets.filter((secret) => all.includes(secret))).toEqual([]);
});

test("the search of the test above finds a mark in every place", async ({ open }) => {
  const site = await open();
  await site.run(async () => {
    localStorage.setItem("token", "a");
    sessionStorage.setItem("token", "a");
    await caches.open("tokens");
    await new Promise<void>((resolve) => {
      indexedDB.open("tokens").onsuccess = () => resolve();
    });
    document.cookie = "token=a";
    history.replaceState({ token: "a" }, "");
    window.name = "token";
  });

  expect(await site.run(keptInPage)).toEqual([
    "tokena",
    "tokena",
    "database tokens",
    "cache tokens",
    "cookie token=a",
    'state {"token":"a"}',
    "name token",
  ]);
});
