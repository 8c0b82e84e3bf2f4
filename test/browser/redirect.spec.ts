import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { expect, needUser, received, test, tokenRequests } from "./fixtures.ts";
import { holdRequests, isForTokens } from "./held-requests.ts";
import { importModules } from "./import-modules.ts";

declare global {
  interface Window {
    /** The status of a request that a page makes before it attaches tokens. */
    early?: Promise<number>;
  }
}

const ADA = "ada@contoso.example";
const account = `[data-account="${ADA}"]`;
const options = { attach: { interaction: "redirect" } };

for (const path of [
  "/deep/page?filter=a%20b&filter=%C3%A9+x&empty=",
  "/?returnUrl=%2Forders%3Fid%3D1%23top&code=not-ours",
]) {
  test(`the user returns to ${path}, fragment included`, async ({ open, page, stack }) => {
    stack.site.override("/deep/page", {
      body: await html(stack.site.origin),
    });
    const site = await open(options);
    await needUser(site);
    const fragment = new URL(page.url()).hash;
    await page.goto(`${stack.site.origin}${path}${path.includes("?") ? "&" : "?"}${randomUUID()}${fragment}`);
    await site.attached();
    const left = page.url();

    await site.run(() => void fetch("/api/orders").catch(() => undefined));
    await page.locator(account).click();
    await page.waitForURL(left);
    await site.attached();

    expect(page.url()).toBe(left);
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
    expect(received(stack, "/api/orders")).toEqual([
      { authorization: "bearer", user: ADA, audience: "api://orders" },
    ]);
  });
}

/** The site's page, as served at its root. */
const html = async (origin: string): Promise<string> => await (await fetch(`${origin}/`)).text();

test("requests that wait end as network errors before the page is left", async ({ open, page, stack }) => {
  const site = await open(options);
  await needUser(site);
  const sent = stack.site.received.length;

  await site.run(
    (urls) => {
      const ends: (number | string)[] = [];
      addEventListener("pagehide", () => sessionStorage.setItem("ends", JSON.stringify(ends)));
      const fetching = urls.map((url) =>
        fetch(url).then(
          ({ status }) => ends.push(status),
          ({ name }: Error) => ends.push(name),
        ),
      );
      void Promise.all(fetching).then(() => ends.push("all ended"));
    },
    ["/api/orders", "/api/orders?2", "api:/media/photo"].map((url) => site.resolve(url)),
  );
  await page.locator(account).click();
  await page.waitForURL((url) => url.pathname === "/");
  await site.attached();

  expect(JSON.parse(await site.run(() => sessionStorage.getItem("ends") ?? ""))).toEqual([
    "TypeError",
    "TypeError",
    "TypeError",
    "all ended",
  ]);
  expect(stack.api.received).toEqual([]);
  expect(stack.site.received.slice(sent).filter(({ path }) => path.startsWith("/api/"))).toEqual([]);
});

test("a request made while the answer is still being redeemed waits for it", async ({
  open,
  page,
  stack,
}) => {
  const site = await open(options);
  await needUser(site);
  // The page's own first request, before anything is attached.
  await page.addInitScript(() => {
    if (!navigator.serviceWorker.controller || location.pathname !== "/") return;
    window.early = fetch("/api/orders").then(({ status }) => status);
  });

  await site.run(() => void fetch("/api/orders").catch(() => undefined));
  await page.locator(account).waitFor();
  const redemption = await holdRequests(page, isForTokens(stack));
  await page.locator(account).click();
  await page.waitForURL((url) => url.pathname === "/");
  await redemption.asked();
  await expect.poll(() => site.run(() => window.early !== undefined)).toBe(true);
  expect(received(stack, "/api/orders")).toEqual([]);
  const grants = tokenRequests(stack).length;
  redemption.release();

  expect(await site.run(() => window.early ?? null)).toBe(200);
  expect(received(stack, "/api/orders")).toEqual([
    { authorization: "bearer", user: ADA, audience: "api://orders" },
  ]);
  expect(tokenRequests(stack).length - grants).toBe(1);
});

test("the page leaves for the provider when its iframe needs the user, and the iframe stays", async ({
  open,
  page,
  stack,
}) => {
  const site = await open(options);
  await needUser(site);
  const left = page.url();
  await site.run(
    (url) =>
      new Promise<void>((resolve) => {
        const frame = document.body.appendChild(document.createElement("iframe"));
        frame.src = url;
        frame.onload = () => void frame.contentWindow?.attached.then(() => resolve());
      }),
    `/?frame#${encodeURIComponent(JSON.stringify(options))}`,
  );
  const navigated: string[] = [];
  page.on("framenavigated", (frame) => frame.parentFrame() && navigated.push(frame.url()));

  await site.run(() => void frames[0]?.fetch("/api/orders").catch(() => undefined));
  await page.waitForURL((url) => url.origin === stack.provider.origin);
  expect(navigated.filter((url) => url.startsWith(stack.provider.origin))).toEqual([]);
  await page.locator(account).click();
  await page.waitForURL(left);
  await site.attached();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
});

/** The part of the package that hands an answer on to the page that waits for it. */
function answerPart(): string {
  const dist = new URL("../../dist/", import.meta.url);
  const parts = readdirSync(dist).filter((name) => /^index-\w+\.js$/.test(name));
  const found = parts.filter((name) =>
    readFileSync(new URL(name, dist), "utf8").includes('startsWith("msal.")'),
  );
  expect(found).toHaveLength(1);
  return `/${found[0]}`;
}

test("a page that comes back from a redirect does not load the part for answers to other pages, which a map of everything would hold up", async ({
  open,
  page,
  stack,
}) => {
  importModules(stack, { "/*": ["api://orders/Data.Read"] });
  const part = answerPart();
  const isLoaded = (): boolean => stack.site.received.some(({ path }) => path === part);
  const site = await open();
  const left = page.url();
  await site.run(() => void window.msal.loginRedirect({ scopes: ["openid"] }));
  await page.locator(account).click();
  await page.waitForURL(left);
  await site.attached();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(isLoaded()).toBe(false);

  // The answer to a popup is another page's.
  const state = btoa(JSON.stringify({ id: "an-id", meta: { interactionType: "popup" } }));
  await page.goto(`${stack.site.origin}/?${randomUUID()}#code=c&state=${state}`);
  await expect.poll(isLoaded).toBe(true);
});
