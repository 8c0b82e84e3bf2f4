import type { Frame, Page } from "@playwright/test";
import { listenOnLoopback, type LoopbackListener } from "../../dev/loopback-listener.ts";
import type { Stack } from "../../dev/start-stack.ts";
import { authorizations, expect, received, test } from "./fixtures.ts";

const ADA = "ada@contoso.example";
const account = `[data-account="${ADA}"]`;

/** Serves a page of another origin. */
let embedder: LoopbackListener;
test.beforeEach(async () => void (embedder = await listenOnLoopback(0)));
test.afterEach(() => embedder.close());

/** Opens the site in a frame of another origin's page, and signs in. Every later token needs the user. */
async function embed(page: Page, stack: Stack, attach: object): Promise<Frame> {
  const fragment = encodeURIComponent(JSON.stringify({ attach }));
  embedder.serve((_request, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(
      `<iframe name="app" width="600" height="400" src="${stack.site.origin}/#${fragment}"></iframe>`,
    );
  });
  await page.goto(embedder.origin);
  const frame = page.frame("app");
  if (!frame) throw new Error("There is no frame");
  await frame.evaluate(() => window.attached.then(() => undefined));
  const opened = page.waitForEvent("popup");
  const signedIn = frame.evaluate(() => window.msal.loginPopup().then(() => undefined));
  await (await opened).locator(account).click();
  await signedIn;
  stack.provider.revokeSessions();
  stack.provider.revokeRefreshTokens();
  await frame.evaluate(() => window.open("about:blank")?.close());
  return frame;
}

const fetchOrders = () => fetch("/api/orders").then(({ status }) => status);

test("an app that another origin embeds signs its user in from its frame", async ({ page, stack }) => {
  const frame = await embed(page, stack, {});

  // Playwright's `evaluate` counts as a click, so the popup opens at once.
  const opened = page.waitForEvent("popup");
  const waiting = frame.evaluate(fetchOrders);
  await (await opened).locator(account).click();

  expect(await waiting).toBe(200);
  expect(received(stack, "/api/orders")).toEqual([
    { authorization: "bearer", user: ADA, audience: "api://orders" },
  ]);
});

test("an app that another origin embeds is not redirected to the provider, and gets the API's own answer", async ({
  page,
  stack,
}) => {
  const frame = await embed(page, stack, { interaction: "redirect" });
  const left = frame.url();
  const asked = stack.provider.requests.length;

  expect(await frame.evaluate(fetchOrders)).toBe(401);

  expect(frame.url()).toBe(left);
  expect(
    await frame.evaluate(() => window.events.filter(({ type }) => type === "tokenfailed")),
  ).toMatchObject([{ code: "interaction_failed", reason: "redirect_in_iframe", outcome: "bare" }]);
  const shown = stack.provider.requests
    .slice(asked)
    .filter(({ endpoint, prompt }) => endpoint === "authorize" && prompt !== "none");
  expect(shown).toEqual([]);
  expect(authorizations(stack, "/api/orders")).toEqual(["none"]);
});
