import type { Override } from "../../dev/static-host.ts";
import { authorizations, expect, replaceScript, SitePage, test } from "./fixtures.ts";

const faults: [name: string, answer: Override][] = [
  ["404", { status: 404, body: "Not here" }],
  ["an HTML page", { headers: { "Content-Type": "text/html" }, body: "<!doctype html>" }],
  ["a redirect", { status: 302, headers: { Location: "/site.js" } }],
  ["500", { status: 500, body: "Sorry" }],
  ["a script that throws", { body: "throw new Error()" }],
];

test("the old worker goes on while its file is faulty, even for pages that load meanwhile", async ({
  site,
  page,
  stack,
}) => {
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  for (const [name, answer] of faults) {
    stack.site.override("/bearer-sw.js", answer);
    const update = site.run(() =>
      navigator.serviceWorker.ready
        .then((registration) => registration.update())
        .then(
          () => "updated",
          () => "refused",
        ),
    );
    expect(await update, name).toBe("refused");
    expect(await site.fetch("/api/orders"), name).toMatchObject({ status: 200 });

    await site.stopWorker();
    await page.reload();
    await site.attached();
    expect(await site.fetch("/api/orders"), name).toMatchObject({ status: 200 });
    expect(await site.events("tokenfailed"), name).toEqual([]);
  }
  expect(authorizations(stack, "/api/orders")).toEqual(Array(1 + 2 * faults.length).fill("bearer"));
});

test("a new map whose worker is refused says so, and resources of the old worker's map keep their tokens", async ({
  site,
  page,
  stack,
}) => {
  stack.site.override("/bearer-sw.js", { status: 404, body: "Not here" });
  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, {
      protectedResourceMap: { "/api/*": ["api://orders/Data.Read"], "/added/*": ["api://orders/Data.Read"] },
    }).catch(({ code }) => window.events.push({ type: code }))`,
  );

  await page.goto(site.url({}));
  await site.attached();

  expect(await site.events("worker_registration_failed")).toHaveLength(1);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  await site.fetch("/added/one");
  expect(stack.site.received.find(({ path }) => path === "/added/one")).toMatchObject({ authorized: false });
});

test("a page that requires trusted types works with the policy bearer-worker, and the error names that policy without it", async ({
  page,
  stack,
}) => {
  const policy = (names: string) => ({
    headers: { "Content-Security-Policy": `require-trusted-types-for 'script'; trusted-types ${names}` },
  });
  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, { protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } })
      .catch(({ code, message }) => window.events.push({ type: "failure", code, message }))`,
  );
  stack.site.override("/", policy("other"));
  const site = await SitePage.open(page, stack);
  expect(await site.events("failure")).toEqual([
    {
      type: "failure",
      code: "worker_registration_failed",
      message: expect.stringContaining("trusted-types bearer-worker"),
    },
  ]);

  stack.site.override("/", policy("bearer-worker"));
  await page.goto(site.url({}));
  await site.attached();
  expect(await site.events("failure")).toEqual([]);
  await site.signIn();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
});
