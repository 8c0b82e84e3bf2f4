import type { Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { expect, replaceScript, type SitePage, test } from "./fixtures.ts";

const ADA = "ada@contoso.example";
const ALAN = "alan@contoso.example";
/** Without the worker being emptied, one switch in seven goes wrong. */
const ROUNDS = 40;

async function signInBoth(site: SitePage, stack: Stack): Promise<void> {
  await site.signIn(ADA);
  stack.provider.revokeSessions();
  await site.signIn(ALAN);
}

/** Switches accounts and makes a request in one task, again and again: the users whose token was wrong. */
const wrongUsers = (site: SitePage): Promise<unknown[]> =>
  site.run(
    async ({ users, rounds }) => {
      const wrong: unknown[] = [];
      for (let round = 0; round < rounds; round++) {
        const username = users[round % 2] ?? "";
        window.msal.setActiveAccount(window.msal.getAccount({ username }));
        const response = await fetch(`/api/orders?${round}`);
        const user = response.ok
          ? ((await response.json()) as { caller: { user: string } }).caller.user
          : response.status;
        if (user !== username) wrong.push(user);
      }
      return wrong;
    },
    { users: [ADA, ALAN], rounds: ROUNDS },
  );

const SCRIPT_OF_ANOTHER_MAP = { "/api/*": ["api://orders/Data.Read"], "/new": null };

function neverRegister(): void {
  navigator.serviceWorker.register = () => new Promise(() => undefined);
}

/** The states in which a registration can be when the page is under a worker, and the code with which the page attaches. */
const STATES: Readonly<
  Record<
    string,
    { readonly arrange: (site: SitePage, page: Page, stack: Stack) => Promise<void>; readonly code: string }
  >
> = {
  "is active": { code: "attached", arrange: async () => undefined },
  "is refused by the site's policy": {
    code: "worker_registration_failed",
    async arrange(site, page, stack) {
      stack.site.override("/", { headers: { "Content-Security-Policy": "worker-src 'none'" } });
      await page.goto(site.url({ attach: { protectedResourceMap: SCRIPT_OF_ANOTHER_MAP } }));
    },
  },
  "is refused while the page's own worker is in control": {
    code: "attached",
    async arrange(_site, page, stack) {
      stack.site.override("/", { headers: { "Content-Security-Policy": "worker-src 'none'" } });
      await page.reload();
    },
  },
  "is refused because the new script answers 500": {
    code: "worker_registration_failed",
    async arrange(site, page, stack) {
      stack.site.override("/bearer-sw.js", { status: 500, body: "" });
      await page.goto(site.url({ attach: { protectedResourceMap: SCRIPT_OF_ANOTHER_MAP } }));
    },
  },
  "was refused by a 404 that is mended meanwhile": {
    code: "worker_registration_failed",
    async arrange(site, page, stack) {
      stack.site.override("/bearer-sw.js", { status: 404, body: "" });
      await page.goto(site.url({ attach: { protectedResourceMap: SCRIPT_OF_ANOTHER_MAP } }));
      await site.run(() => window.attached.then(() => undefined).catch(() => undefined));
      stack.site.override("/bearer-sw.js", null);
    },
  },
  "is pending while the page's own worker is in control": {
    code: "attached",
    async arrange(_site, page) {
      await page.addInitScript(neverRegister);
      await page.reload();
    },
  },
  "was ended and made again": {
    code: "attached",
    async arrange(_site, page, stack) {
      replaceScript(
        stack,
        `(async () => {
          const map = { protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } };
          await (await bearerWorker.attachTokens(window.msal, map)).detach();
          return bearerWorker.attachTokens(window.msal, map);
        })()`,
      );
      await page.reload();
    },
  },
};

for (const [state, { arrange, code }] of Object.entries(STATES)) {
  test(`no request carries the other user's token after a switch while the registration ${state}`, async ({
    open,
    page,
    stack,
  }) => {
    const site = await open();
    await signInBoth(site, stack);
    await site.fetch("/api/orders");

    await arrange(site, page, stack);
    const attached = await site.run(() =>
      window.attached.then(
        () => "attached",
        ({ code: reason }: { code: string }) => reason,
      ),
    );

    expect(attached).toBe(code);
    expect(await wrongUsers(site)).toEqual([]);
  });
}

test("a sign-out empties the worker though the registration is refused", async ({ open, page, stack }) => {
  const site = await open();
  await site.signIn(ADA);
  await site.fetch("/api/orders");
  stack.site.override("/", { headers: { "Content-Security-Policy": "worker-src 'none'" } });
  await page.reload();
  await site.run(() => window.attached.then(() => undefined).catch(() => undefined));
  expect(await site.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ADA } } });
  stack.api.reset();

  const statuses = await site.run(async () => {
    const cleared = window.msal.clearCache();
    const requests = ["a", "b", "c"].map((query) => fetch(`/api/orders?${query}`));
    await cleared;
    return (await Promise.all(requests)).map(({ status }) => status);
  });

  expect(statuses).toEqual([401, 401, 401]);
  expect(new Set(stack.api.received.map(({ authorization }) => authorization))).toEqual(new Set(["none"]));
});

test("an image, a prefetch and a ping that name the worker's own URL empty nothing", async ({
  site,
  page,
}) => {
  await site.recordRequests();
  await site.fetch("/api/orders");

  const seen: string[] = [];
  const ownUrl = new URL("/bearer-sw.js?bearer-worker=forget", site.url({})).href;
  page.context().on("request", (request) => void (request.url() === ownUrl && seen.push(request.method())));
  await site.run((url) => {
    const link = document.createElement("a");
    link.href = "#";
    link.ping = url;
    document.body.append(link);
    link.click();
    const prefetch = document.createElement("link");
    prefetch.rel = "prefetch";
    prefetch.href = url;
    document.head.append(prefetch);
    return new Promise<void>((resolve) => {
      const image = new Image();
      image.onload = image.onerror = () => resolve();
      image.src = url;
    });
  }, ownUrl);
  await expect.poll(() => seen.toSorted()).toEqual(["GET", "GET", "POST"]);
  await site.fetch("/api/orders");

  await expect
    .poll(async () => (await site.events("request")).map(({ token }) => token))
    .toEqual(["page", "memory"]);
});
