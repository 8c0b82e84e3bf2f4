import { expect, received, test, tokenRequests } from "./fixtures.ts";
import { fetchInWebWorker } from "./web-worker.ts";

const ADA = "ada@contoso.example";

test("Plain requests gain a token of their API's audience, with the scopes of their method", async ({
  site,
  stack,
}) => {
  expect(await site.fetch("/api/orders", { method: "POST", body: "an order" })).toMatchObject({
    status: 201,
  });
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await site.fetch("api:/media/photo")).toMatchObject({ status: 200 });

  const ofOrders = { authorization: "bearer", user: ADA, audience: "api://orders" };
  expect(received(stack, "/api/orders")).toEqual([ofOrders, ofOrders]);
  expect(received(stack, "/media/photo")).toEqual([
    { authorization: "bearer", user: ADA, audience: "api://media" },
  ]);
  expect(stack.api.received.map(({ method, token }) => [method, token?.scopes])).toEqual([
    ["POST", ["Data.Write"]],
    ["GET", ["Data.Read"]],
    ["GET", ["Media.Read"]],
  ]);
  expect(stack.api.received[0]?.body?.bytes).toBe("an order".length);
});

test("An image, an event stream and a web worker's request gain tokens", async ({ site, stack }) => {
  const loaded = await site.run(
    (api) =>
      Promise.all([
        new Promise<string>((resolve, reject) => {
          const image = new Image();
          image.onload = () => resolve("image");
          image.onerror = () => reject(new Error("The image did not load"));
          image.src = `${api}/media/photo`;
        }),
        new Promise<string>((resolve) => {
          const stream = new EventSource(`${api}/media/events`);
          stream.onmessage = () => {
            stream.close();
            resolve("stream");
          };
        }),
      ]),
    stack.api.origin,
  );
  expect(loaded).toEqual(["image", "stream"]);
  expect(await site.run(fetchInWebWorker, "/api/orders")).toBe(200);

  for (const path of ["/media/photo", "/media/events"]) {
    expect(received(stack, path), path).toEqual([
      { authorization: "bearer", user: ADA, audience: "api://media" },
    ]);
  }
  expect(received(stack, "/api/orders")).toEqual([
    { authorization: "bearer", user: ADA, audience: "api://orders" },
  ]);
});

test("A request that the map does not name is not touched", async ({ site, page, stack }) => {
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

test("A caller's own Authorization is left alone", async ({ site, stack }) => {
  await site.fetch("/api/orders", { headers: { Authorization: "Basic dXNlcjpwYXNzd29yZA==" } });

  expect(received(stack, "/api/orders")).toEqual([{ authorization: "basic", user: null, audience: null }]);
});

test("A request goes out as the page made it without an account, and has its token right after the sign-in", async ({
  open,
  stack,
}) => {
  const site = await open();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
  await site.signIn();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(received(stack, "/api/orders")).toEqual([
    { authorization: "none", user: null, audience: null },
    { authorization: "bearer", user: ADA, audience: "api://orders" },
  ]);
});

test("One token request serves a hundred requests at once", async ({ site, stack }) => {
  const before = tokenRequests(stack).length;

  const statuses = await site.run(() =>
    Promise.all(
      Array.from({ length: 100 }, (_, i) => fetch(`/api/orders?${i}`).then(({ status }) => status)),
    ),
  );

  expect(statuses).toEqual(Array.from({ length: 100 }, () => 200));
  expect(received(stack, "/api/orders").filter(({ user }) => user === ADA)).toHaveLength(100);
  expect(tokenRequests(stack).length - before).toBe(1);
});

test("A request event has the request's scopes and its token's source, and no query", async ({
  site,
  stack,
}) => {
  await site.recordRequests();

  await site.fetch("/api/orders?secret=1");
  await site.fetch("/api/orders?secret=2");
  await site.fetch("/api/orders?secret=3", { method: "POST", body: "1" });

  const seen = { resource: `${stack.site.origin}/api/*`, url: `${stack.site.origin}/api/orders` };
  await expect
    .poll(() => site.events("request"))
    .toMatchObject([
      { ...seen, method: "GET", scopes: ["api://orders/Data.Read"], token: "page", status: 200 },
      { ...seen, method: "GET", scopes: ["api://orders/Data.Read"], token: "memory", status: 200 },
      { ...seen, method: "POST", scopes: ["api://orders/Data.Write"], token: "page", status: 201 },
    ]);
});
