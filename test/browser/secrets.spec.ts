import type { Worker } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

/** A JWT, an authorization code or a query in some text. */
const SECRET = /eyJ[\w-]{10,}|code=|secret/;

/** Everything that the origin stores in this browser, MSAL's own keys apart. */
const STORED = `(async () => {
  const stored = [];
  for (const storage of [localStorage, sessionStorage]) {
    for (const [key, value] of Object.entries(storage)) {
      if (!key.startsWith("msal.") && !value.includes('"clientId"') && !value.includes('"credentialType"')) {
        stored.push(key + value);
      }
    }
  }
  for (const { name } of await indexedDB.databases()) stored.push("database " + name);
  for (const name of await caches.keys()) stored.push("cache " + name);
  return stored.filter((text) => !text.startsWith("database msal"));
})()`;

test("no token is in storage, console, errors, events or URLs after a session", async ({
  context,
  open,
  page,
  stack,
}) => {
  const said: string[] = [];
  const urls: string[] = [];
  const listen = (worker: Worker) => worker.on("console", (message) => said.push(message.text()));
  context.on("console", (message) => said.push(message.text()));
  context.on("serviceworker", listen);
  page.on("pageerror", (error) => said.push(String(error.stack)));
  context.on("request", (request) => urls.push(request.url()));

  const site = await open();
  await site.run(`window.attached.then((attachment) => {
    attachment.addEventListener("request", ({ detail }) => window.events.push({ type: "request", ...detail }));
  })`);
  await site.signIn();
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
  expect(await site.run(STORED)).toEqual([]);
  expect(JSON.stringify(await site.run("window.events"))).not.toMatch(SECRET);
  // The browser itself names the URL of a request that failed.
  expect(said.filter((text) => SECRET.test(text) && !text.startsWith("Failed to load resource"))).toEqual([]);
  const ours = urls.filter((url) => url.startsWith(stack.site.origin) && !url.includes("secret="));
  expect(ours.filter((url) => SECRET.test(new URL(url).search))).toEqual([]);
});
