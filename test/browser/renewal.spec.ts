import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "@playwright/test";
import { expect, SitePage, test, tokenRequests } from "./fixtures.ts";

test("requests that keep coming never wait for a token's successor", async ({ open, stack }) => {
  // Due for renewal after a second, and good for much longer than a busy machine stalls.
  stack.provider.settings.refreshInSeconds = 1;
  const site = await open();
  await site.signIn();

  // A request every 100 ms until the token has been renewed twice, and the source of each request's token.
  const tokens = await site.run(async () => {
    const sources: string[] = [];
    let renewals = 0;
    const attachment = await window.attached;
    await fetch("/api/orders");
    attachment.addEventListener("request", ({ detail }) => sources.push(detail.token));
    attachment.addEventListener("tokenacquired", () => renewals++);
    for (; renewals < 2; await new Promise((next) => setTimeout(next, 100))) await fetch("/api/orders");
    return sources;
  });

  expect(tokens.length).toBeGreaterThan(5);
  expect(new Set(tokens)).toEqual(new Set(["memory"]));
  expect(new Set(stack.api.received.map(({ status }) => status))).toEqual(new Set([200]));
  const issued = new Set(stack.api.received.map(({ token }) => token?.issuedAt));
  expect(issued.size).toBeGreaterThanOrEqual(2);
  // There is one request for each token, one for the sign-in, and one for a token that may not have been sent yet.
  expect(tokenRequests(stack).length).toBeLessThanOrEqual(issued.size + 2);
});

test("no expired token is sent after the machine has slept", async ({ stack, launchOptions }) => {
  stack.provider.settings.accessTokenSeconds = 4;
  const server = await chromium.launchServer(launchOptions);
  const { pid } = server.process();
  const browser = await chromium.connect(server.wsEndpoint());
  try {
    const page = await browser.newPage();
    const site = await SitePage.open(page, stack, { msal: { system: { tokenRenewalOffsetSeconds: 1 } } });
    await site.signIn();
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

    // All processes of the browser stop, with their timers, for longer than the token lives.
    process.kill(-(pid ?? 0), "SIGSTOP");
    await pause(5_000);
    process.kill(-(pid ?? 0), "SIGCONT");
    const statuses = await site.run(() =>
      Promise.all(Array.from({ length: 10 }, () => fetch("/api/orders").then(({ status }) => status))),
    );

    expect(statuses).toEqual(Array(10).fill(200));
    expect(stack.api.received.map(({ refusal }) => refusal)).toEqual(Array(11).fill(null));
  } finally {
    await browser.close();
    await server.close();
  }
});

test("a restarted worker gets a token that MSAL takes for expired and the API accepts", async ({
  open,
  stack,
}) => {
  // MSAL does not use the last five minutes of a token.
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
