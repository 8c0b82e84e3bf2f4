import { expect, received, test, tokenRequests } from "./fixtures.ts";

const ADA = "ada@contoso.example";

test("plain requests to two APIs gain a token of the right audience", async ({ site, stack }) => {
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await site.fetch("api:/media/photo")).toMatchObject({ status: 200 });

  expect(received(stack, "/api/orders")).toEqual([
    { authorization: "bearer", user: ADA, audience: "api://orders" },
  ]);
  expect(received(stack, "/media/photo")).toEqual([
    { authorization: "bearer", user: ADA, audience: "api://media" },
  ]);
});

test("methods have scopes of their own", async ({ site, stack }) => {
  expect((await site.fetch("/api/orders", { method: "POST", body: "an order" })).status).toBe(201);
  expect((await site.fetch("/api/orders")).status).toBe(200);

  expect(stack.api.received.map(({ method, token }) => [method, token?.scopes])).toEqual([
    ["POST", ["Data.Write"]],
    ["GET", ["Data.Read"]],
  ]);
  expect(stack.api.received[0]?.body?.bytes).toBe("an order".length);
});

test("an image, a stream and a web worker gain tokens", async ({ site, stack }) => {
  const loaded = await site.run<string[]>(`Promise.all([
    new Promise((resolve, reject) => {
      const image = new Image();
      image.onload = () => resolve("image");
      image.onerror = reject;
      image.src = "${stack.api.origin}/media/photo";
    }),
    new Promise((resolve) => {
      const stream = new EventSource("${stack.api.origin}/media/events");
      stream.onmessage = () => (stream.close(), resolve("stream"));
    }),
    new Promise((resolve) => {
      const source = "onmessage = ({ data }) => fetch(data).then(({ status }) => postMessage(status))";
      const worker = new Worker(URL.createObjectURL(new Blob([source])));
      worker.onmessage = ({ data }) => resolve("worker " + data);
      worker.postMessage("${stack.site.origin}/api/orders");
    }),
  ])`);

  expect(loaded).toEqual(["image", "stream", "worker 200"]);
  expect(received(stack, "/media/photo")).toEqual([
    { authorization: "bearer", user: ADA, audience: "api://media" },
  ]);
  expect(received(stack, "/media/events")).toEqual([
    { authorization: "bearer", user: ADA, audience: "api://media" },
  ]);
  expect(received(stack, "/api/orders")).toEqual([
    { authorization: "bearer", user: ADA, audience: "api://orders" },
  ]);
});

test("a request that is not protected is not touched", async ({ site, page, stack }) => {
  const answeredByWorker = new Map<string, boolean>();
  page.on("response", (response) => {
    answeredByWorker.set(new URL(response.url()).pathname, response.fromServiceWorker());
  });

  await site.fetch("/api/health");
  await site.fetch("/site.js");
  await site.fetch("api:/elsewhere");
  await site.fetch("/api/orders");

  const answeredFor = ["/api/health", "/site.js", "/elsewhere", "/api/orders"].map((path) =>
    answeredByWorker.get(path),
  );
  expect(answeredFor).toEqual([false, false, false, true]);
  expect(received(stack, "/api/health")).toEqual([{ authorization: "none", user: null, audience: null }]);
  expect(received(stack, "/elsewhere")).toEqual([{ authorization: "none", user: null, audience: null }]);
  expect(stack.site.received.some(({ path, authorized }) => path === "/site.js" && authorized)).toBe(false);
});

test("a caller's own Authorization is left alone", async ({ site, stack }) => {
  await site.fetch("/api/orders", { headers: { Authorization: "Basic dXNlcjpwYXNzd29yZA==" } });

  expect(received(stack, "/api/orders")).toEqual([{ authorization: "basic", user: null, audience: null }]);
});

test("without an account a request goes out as the page made it", async ({ open, stack }) => {
  const site = await open();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  expect(received(stack, "/api/orders")).toEqual([{ authorization: "none", user: null, audience: null }]);
});

test("the first request after sign-in has its token", async ({ open, stack }) => {
  const site = await open();
  await site.fetch("/api/orders");
  await site.signIn();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([null, ADA]);
});

test("one token request serves a hundred requests at once", async ({ site, stack }) => {
  const before = tokenRequests(stack).length;

  const statuses = await site.run<number[]>(
    `Promise.all(Array.from({ length: 100 }, (_, i) => fetch("/api/orders?" + i).then(({ status }) => status)))`,
  );

  expect(statuses).toEqual(Array.from({ length: 100 }, () => 200));
  expect(received(stack, "/api/orders").filter(({ user }) => user === ADA)).toHaveLength(100);
  expect(tokenRequests(stack).length - before).toBe(1);
});

test("a page that listens to requests hears of each, without its query", async ({ site, stack }) => {
  await site.run(`window.attached.then((attachment) => {
    window.seen = [];
    window.listening = new AbortController();
    attachment.addEventListener("request", ({ detail }) => window.seen.push(detail), window.listening);
  })`);

  await site.fetch("/api/orders?secret=1");
  await site.fetch("/api/orders?secret=2");

  const seen = () => site.run<Record<string, unknown>[]>("window.seen");
  await expect.poll(seen).toMatchObject([
    {
      resource: `${stack.site.origin}/api/*`,
      url: `${stack.site.origin}/api/orders`,
      token: "page",
      status: 200,
    },
    {
      resource: `${stack.site.origin}/api/*`,
      url: `${stack.site.origin}/api/orders`,
      token: "memory",
      status: 200,
    },
  ]);
});
