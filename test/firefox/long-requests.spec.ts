import { expect, test } from "../engines/fixtures.ts";
import { SiteWindow } from "../engines/site-window.ts";

// Firefox alone ends what a service worker serves after a while: what is waited for is its own clock.
test.describe.configure({ mode: "parallel", timeout: 300_000 });

test("an answer that takes 100 seconds arrives", async ({ site, stack }) => {
  stack.api.settings.delayMs["/media/photo"] = 100_000;
  await site.signIn();
  await site.attach();

  const url = JSON.stringify(site.url("cross-origin", "/media/photo"));
  const status = await site.window.evaluate(`fetch(${url}).then(({ status }) => status, String)`);

  expect(status).toBe(200);
  expect(stack.api.received.map(({ authorization }) => authorization)).toEqual(["bearer"]);
});

test("an EventSource stays open for three minutes", async ({ engine, stack }) => {
  stack.api.reset();
  const site = await SiteWindow.openSignedIn(engine, stack);
  await site.attach();

  const url = JSON.stringify(site.url("cross-origin", "/media/events"));
  const { events, errors } = await site.window.evaluate<{ events: number; errors: number }>(
    `new Promise((resolve) => {
      const source = new EventSource(${url});
      let events = 0, errors = 0;
      source.onmessage = () => events++;
      source.onerror = () => errors++;
      setTimeout(() => (source.close(), resolve({ events, errors })), 180_000);
    })`,
  );

  expect(errors).toBe(0);
  expect(events).toBeGreaterThan(150);
  const streams = stack.api.received.filter(({ path }) => path === "/media/events");
  expect(streams.map(({ authorization }) => authorization)).toEqual(["bearer"]);
  await site.window.close();
});
