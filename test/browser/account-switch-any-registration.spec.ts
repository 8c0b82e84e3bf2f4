import type { Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { authorizations, expect, replaceScript, type SitePage, test } from "./fixtures.ts";

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

test("a preload of the worker's own URL is no answer to the page's request to forget", async ({
  site,
  page,
  stack,
}) => {
  await site.fetch("/api/orders");
  const ownUrl = new URL("/bearer-sw.js?bearer-worker=forget", site.url({})).href;
  const preloaded = page.waitForEvent("requestfinished", (request) => request.url() === ownUrl);
  await site.run(
    (html) => document.head.insertAdjacentHTML("beforeend", html),
    `<link rel="preload" as="fetch" crossorigin href="${ownUrl}">`,
  );
  await preloaded;
  await site.fetch("/api/orders");
  stack.api.reset();

  const status = await site.run(async () => {
    const cleared = window.msal.clearCache();
    const response = await fetch("/api/orders");
    await cleared;
    return response.status;
  });

  expect(status).toBe(401);
  expect(authorizations(stack, "/api/orders")).toEqual(["none"]);
});

/** Markup that makes a browser ask for a URL, and the methods of its requests. */
const MARKUP = {
  "an image": '<img src="URL">',
  "an image with CORS": '<img crossorigin src="URL">',
  "a prefetch": '<link rel="prefetch" href="URL">',
  "a prefetch with CORS": '<link rel="prefetch" crossorigin href="URL">',
  "a preload": '<link rel="preload" as="fetch" href="URL">',
  "a preload with CORS": '<link rel="preload" as="fetch" crossorigin href="URL">',
  "a preload with CORS and cookies":
    '<link rel="preload" as="fetch" crossorigin="use-credentials" href="URL">',
  "a module preload": '<link rel="modulepreload" href="URL">',
  "a frame": '<iframe src="URL"></iframe>',
  "a ping": '<a href="#" ping="URL">link</a>',
} as const;

for (const [name, markup] of Object.entries(MARKUP)) {
  test(`${name} of the worker's own URL empties nothing`, async ({ site, page }) => {
    await site.recordRequests();
    await site.fetch("/api/orders");

    const seen: string[] = [];
    const ownUrl = new URL("/bearer-sw.js?bearer-worker=forget", site.url({})).href;
    page.context().on("request", (request) => void (request.url() === ownUrl && seen.push(request.method())));
    await site.run(
      (html) => {
        document.body.insertAdjacentHTML("beforeend", html);
        const added = document.body.lastElementChild;
        if (added instanceof HTMLAnchorElement) added.click();
      },
      markup.replace("URL", ownUrl),
    );
    await expect.poll(() => seen.length).toBeGreaterThan(0);
    await site.fetch("/api/orders");

    await expect
      .poll(async () => (await site.events("request")).map(({ token }) => token))
      .toEqual(["page", "memory"]);
  });
}
