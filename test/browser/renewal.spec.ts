import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "@playwright/test";
import { expect, SitePage, test, tokenRequests } from "./fixtures.ts";

test("while requests keep coming, none waits for a token's successor", async ({ open, stack }) => {
  stack.provider.settings.accessTokenSeconds = 5;
  const site = await open({ msal: { system: { tokenRenewalOffsetSeconds: 1 } } });
  await site.signIn();

  // A request every 100 ms for three lifetimes, and where each one's token came from.
  const tokens = await site.run<string[]>(`(async () => {
    const tokens = [];
    const attachment = await window.attached;
    await fetch("/api/orders");
    attachment.addEventListener("request", ({ detail }) => tokens.push(detail.token));
    for (const end = Date.now() + 15_000; Date.now() < end; await new Promise((next) => setTimeout(next, 100))) {
      await fetch("/api/orders");
    }
    return tokens;
  })()`);

  expect(tokens.length).toBeGreaterThan(50);
  expect(new Set(tokens)).toEqual(new Set(["memory"]));
  expect(new Set(stack.api.received.map(({ status }) => status))).toEqual(new Set([200]));
  const issued = new Set(stack.api.received.map(({ token }) => token?.issuedAt));
  expect(issued.size).toBeGreaterThanOrEqual(4);
  // One for each token, and the one of the sign-in.
  expect(tokenRequests(stack).length).toBeLessThanOrEqual(issued.size + 2);
});

test("after the machine has slept no expired token is sent", async ({ stack, launchOptions }) => {
  stack.provider.settings.accessTokenSeconds = 4;
  const server = await chromium.launchServer(launchOptions);
  const { pid } = server.process();
  const browser = await chromium.connect(server.wsEndpoint());
  try {
    const page = await browser.newPage();
    const site = await SitePage.open(page, stack, { msal: { system: { tokenRenewalOffsetSeconds: 1 } } });
    await site.signIn();
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

    // All of the browser's processes stand still, timers and all, for longer than the token lives.
    process.kill(-(pid ?? 0), "SIGSTOP");
    await pause(5_000);
    process.kill(-(pid ?? 0), "SIGCONT");
    const statuses = await site.run<number[]>(
      `Promise.all(Array.from({ length: 10 }, () => fetch("/api/orders").then(({ status }) => status)))`,
    );

    expect(statuses).toEqual(Array(10).fill(200));
    expect(stack.api.received.map(({ refusal }) => refusal)).toEqual(Array(11).fill(null));
  } finally {
    await browser.close();
    await server.close();
  }
});

test("a worker that was stopped is given a token that MSAL takes for expired but the API does not", async ({
  open,
  stack,
}) => {
  // MSAL leaves the last five minutes of every token unused.
  stack.provider.settings.accessTokenSeconds = 240;
  const site = await open();
  await site.signIn();
  await site.fetch("/api/orders");
  const before = tokenRequests(stack).length;
  stack.provider.fault("token", "hang");

  await site.stopWorker();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(tokenRequests(stack)).toHaveLength(before);
});
