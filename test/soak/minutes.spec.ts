import { expect, test } from "../engines/fixtures.ts";
import { SiteWindow } from "../engines/site-window.ts";

// Firefox ends a service worker's requests by a clock of its own, with these times by default. No test can move that clock.
test.describe.configure({ mode: "parallel", timeout: 300_000 });

test("an answer that takes 100 seconds arrives", async ({ site, stack }) => {
  stack.api.settings.delayMs["/media/photo"] = 100_000;
  await site.signIn();
  await site.attach();

  const status = await site.window.evaluate(
    (url) => fetch(url).then((response) => response.status, String),
    site.url("cross-origin", "/media/photo"),
  );

  expect(status).toBe(200);
  expect(stack.api.received.map(({ authorization }) => authorization)).toEqual(["bearer"]);
});

test("an EventSource stays open for three minutes", async ({ engine, stack }) => {
  stack.api.reset();
  const site = await SiteWindow.openSignedIn(engine, stack);
  await site.attach();

  const { events, errors } = await site.window.evaluate(
    (url) =>
      new Promise<{ events: number; errors: number }>((resolve) => {
        const source = new EventSource(url);
        const counts = { events: 0, errors: 0 };
        source.onmessage = () => counts.events++;
        source.onerror = () => counts.errors++;
        const end = (): void => {
          source.close();
          resolve(counts);
        };
        setTimeout(end, 180_000);
      }),
    site.url("cross-origin", "/media/events"),
  );

  expect(errors).toBe(0);
  expect(events).toBeGreaterThan(150);
  const streams = stack.api.received.filter(({ path }) => path === "/media/events");
  expect(streams.map(({ authorization }) => authorization)).toEqual(["bearer"]);
  await site.window.close();
});
