import { type Elsewhere, openElsewhere, test as base } from "./elsewhere.ts";
import { authorizations, expect, tokenRequests } from "./fixtures.ts";
import { identityOf, pageNotices, workerMessages } from "./hostile-messages.ts";

/** An API that answers as a test wants it to. */
const test = base.extend<{ api: Elsewhere }>({
  api: async ({}, use) => {
    const api = await openElsewhere();
    await use(api);
    await api.close();
  },
});

const READ = ["api://orders/Data.Read"];

test("a redirect off the API does not carry the token on", async ({ api, elsewhere, open }) => {
  const site = await open({ attach: { protectedResourceMap: { [`${api.origin}/*`]: READ } } });
  await site.signIn();
  for (const status of [301, 302, 303, 307, 308]) {
    api.answer(`/${status}`, (response) =>
      response.writeHead(status, { Location: `${elsewhere.origin}/${status}` }).end(),
    );
    await site.run(async (url) => {
      new Image().src = url;
      await Promise.all([
        fetch(url),
        fetch(url, { method: "POST", body: "an order" }),
        fetch(url, { mode: "no-cors" }),
      ]);
    }, `${api.origin}/${status}`);
  }

  await expect.poll(() => elsewhere.visits.length).toBe(20);
  expect(api.visits.map(({ authorized }) => authorized)).toEqual(Array(20).fill(true));
  expect(elsewhere.visits.filter(({ authorized }) => authorized)).toEqual([]);
});

test("a redirect onto the API does not gain a token", async ({ site, elsewhere, stack }) => {
  elsewhere.answer("/to", (response) =>
    response.writeHead(302, { Location: `${stack.api.origin}/media/photo` }).end(),
  );

  await site.run((url) => fetch(url, { mode: "no-cors" }).then(() => undefined), `${elsewhere.origin}/to`);

  expect(authorizations(stack, "/media/photo")).toEqual(["none"]);
});

test("a challenge from another origin, behind a redirect, is not answered", async ({
  api,
  elsewhere,
  open,
  stack,
}) => {
  const site = await open({ attach: { protectedResourceMap: { [`${api.origin}/*`]: READ } } });
  await site.signIn();
  await site.fetch(`${api.origin}/before`);
  const before = tokenRequests(stack).length;
  const challenge = { "WWW-Authenticate": 'Bearer error="invalid_token"' };
  api.answer("/away", (response) => response.writeHead(302, { Location: `${elsewhere.origin}/` }).end());
  elsewhere.answer("/", (response) => response.writeHead(401, challenge).end());
  api.answer("/moved", (response) => response.writeHead(302, { Location: "/refused" }).end());
  api.answer("/refused", (response) => response.writeHead(401, challenge).end());

  expect(await site.fetch(`${api.origin}/away`)).toMatchObject({ status: 401 });
  expect(tokenRequests(stack)).toHaveLength(before);
  expect(api.visits.filter(({ path }) => path === "/away")).toHaveLength(1);

  // A challenge from the API itself is answered, even behind a redirect.
  expect(await site.fetch(`${api.origin}/moved`)).toMatchObject({ status: 401 });
  expect(tokenRequests(stack)).toHaveLength(before + 1);
  expect(api.visits.filter(({ path }) => path === "/moved")).toHaveLength(2);
});

test("a cross-origin iframe gets no token, neither for its requests nor for its messages", async ({
  site,
  elsewhere,
  stack,
}) => {
  await site.fetch("/api/orders");
  await site.run(
    (url) =>
      new Promise<void>((resolve) => {
        const frame = document.body.appendChild(document.createElement("iframe"));
        frame.onload = () => resolve();
        frame.src = url;
      }),
    `${elsewhere.origin}/frame`,
  );
  const frame = site.page.frames().find((other) => other.url().startsWith(elsewhere.origin));

  const { account, map } = await identityOf(site);
  const messages = [
    ...workerMessages(account, `${stack.site.origin}/api/orders`),
    ...pageNotices(account, map),
  ];
  await frame?.evaluate(
    async ([orders, photo, messages]) => {
      const replies: unknown[] = [];
      Object.assign(window, { replies });
      const channel = new BroadcastChannel("bearer-worker");
      for (const message of messages) {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => replies.push(data);
        parent.postMessage(message, "*", [port2]);
        channel.postMessage(message);
      }
      await fetch(orders, { mode: "no-cors" });
      await fetch(photo, { mode: "no-cors" });
    },
    [`${stack.site.origin}/api/orders?frame`, `${stack.api.origin}/media/photo`, messages] as const,
  );
  // The page receives messages in order: once it has answered the worker, it has ignored the frame's.
  await site.stopWorker();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(await frame?.evaluate(() => "replies" in window && window.replies)).toEqual([]);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "none", "bearer"]);
  expect(authorizations(stack, "/media/photo")).toEqual(["none"]);
});

test("embedded content with an opaque origin gets no token", async ({ site, stack }) => {
  await site.fetch("/api/orders");
  const fetching = (from: string) => `fetch("${stack.site.origin}/api/orders?${from}", { mode: "no-cors" })`;

  await site.run(
    (scripts) => {
      const embed = (properties: object): void =>
        document.body.append(Object.assign(document.createElement("iframe"), properties));
      const html = (script: string): string => `<script>${script}</${"script"}>`;
      embed({ sandbox: "allow-scripts", srcdoc: html(scripts.sandbox) });
      embed({ src: `data:text/html,${encodeURIComponent(html(scripts.data))}` });
      new Worker(`data:text/javascript,${encodeURIComponent(scripts.worker)}`);
      embed({ srcdoc: html(scripts.sameOrigin) });
    },
    {
      sandbox: fetching("sandbox"),
      data: fetching("data"),
      worker: fetching("worker"),
      sameOrigin: fetching("same-origin"),
    },
  );

  const seen = () =>
    Object.fromEntries(stack.api.received.map(({ query, authorization }) => [query, authorization]));
  await expect.poll(seen).toEqual({
    "": "bearer",
    sandbox: "none",
    data: "none",
    worker: "none",
    "same-origin": "bearer",
  });
});

test("another site cannot empty the worker by fetching its URL or by navigating to it", async ({
  site,
  elsewhere,
  page,
}) => {
  await site.recordRequests();
  await site.fetch("/api/orders");

  const other = await page.context().newPage();
  await other.goto(elsewhere.origin);
  const ownUrl = `${site.stack.site.origin}/bearer-sw.js?bearer-worker=forget`;
  await other.evaluate(async (url) => {
    const headers = { "bearer-worker": "2", "bearer-worker-forget": "1" };
    for (const method of ["HEAD", "GET"])
      for (const mode of ["cors", "no-cors"] as const)
        await fetch(url, { method, mode, headers, credentials: "include" }).catch(() => undefined);
  }, ownUrl);
  const loaded = other.waitForEvent("load");
  await other.evaluate((url) => void (location.href = url), ownUrl);
  await loaded;
  await site.fetch("/api/orders");

  await expect
    .poll(async () => (await site.events("request")).map(({ token }) => token))
    .toEqual(["page", "memory"]);
});
