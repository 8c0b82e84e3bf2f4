import fc from "fast-check";
import { PROTOCOL_VERSION as VERSION } from "../../protocol/messages.ts";
import { readPageNotice, readReply } from "../../protocol/read-from-page.ts";
import { readWorkerMessage } from "../../protocol/read-from-worker.ts";
import { expect, received, type SitePage, test } from "./fixtures.ts";
import { acquireQuestion, identifyQuestion, identityOf, tabMessage } from "./hostile-messages.ts";

const READ = "api://orders/Data.Read";
const ADA = "ada@contoso.example";

const TYPES = [
  "announce",
  "claim",
  "identify",
  "acquire",
  "observed",
  "pending",
  "running",
  "waiting",
  "identity",
  "token",
  "incompatible",
];

/** Any JSON, and objects that look like messages of the protocol. */
const message = fc.oneof(
  fc.jsonValue(),
  fc.record(
    {
      bearerWorker: fc.constantFrom(VERSION, VERSION, VERSION, VERSION + 1, String(VERSION), null),
      type: fc.oneof(
        fc.constantFrom(...TYPES, "bare", "__proto__", "toString"),
        fc.jsonValue(),
        // The first cannot be converted to a string. The arrays convert to a known type.
        fc.constantFrom({ toString: 1, valueOf: 1 }, ["announce"], ["identify"]),
      ),
      account: fc.constantFrom(
        null,
        "mallory",
        { type: "account", id: "mallory", perResource: false },
        { type: "account", id: { toString: 1 }, perResource: false },
        { type: "signed-out", mayAcquire: 1 },
      ),
      token: fc.constantFrom(
        null,
        "forged",
        { accessToken: "forged", endsAt: 1e15, renewAt: 1e15 },
        { accessToken: "forged", endsAt: "never", renewAt: null },
      ),
      unanswered: fc.constantFrom([], [{ lock: 1 }], {}),
      milliseconds: fc.constantFrom(-1, 1e9, null),
      observing: fc.constantFrom(true, 0),
      request: fc.oneof(
        fc.constantFrom({}, { url: { toString: 1 } }, { url: "/", method: { toString: 1 } }),
        fc.jsonValue(),
      ),
      wanted: fc.constantFrom(
        null,
        { url: "/api/orders", method: "GET", scopes: [READ] },
        { url: "https://", method: "", scopes: [] },
        { url: 1, method: null, scopes: {} },
      ),
      purpose: fc.constantFrom("request", "renewal", "theft"),
      refusal: fc.constantFrom(
        null,
        { challenge: 'Bearer error="invalid_token"', accessToken: "stale" },
        { challenge: 1 },
      ),
    },
    { requiredKeys: [] },
  ),
);
/** Gives the same messages in every run, so that a failure can be repeated. */
const sample = (accept: (data: unknown) => boolean): unknown[] =>
  fc.sample(message.filter(accept), { numRuns: 500, seed: 20 });

const marked = (messages: readonly unknown[]): number =>
  messages.filter((data) => Boolean((Object(data) as { bearerWorker?: unknown }).bearerWorker)).length;

/** Records every error and console message of page and worker from here on. */
async function troubles(site: SitePage): Promise<() => Promise<string[]>> {
  const said: string[] = [];
  const context = site.page.context();
  context.on("console", (entry) => said.push(entry.text()));
  context.on("weberror", (error) => said.push(String(error.error())));
  const [worker] = context.serviceWorkers();
  await worker?.evaluate(() => {
    const failures: string[] = [];
    Object.assign(self, { failures });
    self.addEventListener("error", (event) => failures.push(event.message));
    self.addEventListener("unhandledrejection", (event) => failures.push(String(event.reason)));
  });
  return async () => [
    ...said,
    ...((await worker?.evaluate(() => (self as unknown as { failures: string[] }).failures)) ?? [
      "no worker",
    ]),
  ];
}

test("hundreds of malformed messages to the worker are ignored and counted", async ({ site, stack }) => {
  await site.fetch("/api/orders");
  const troubled = await troubles(site);
  const messages = sample((data) => readPageNotice(data) === null);

  await site.run((messages) => {
    for (const message of messages) {
      navigator.serviceWorker.controller?.postMessage(message, [new MessageChannel().port2]);
    }
  }, messages);
  await site.recordRequests();
  expect(await site.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ADA } } });

  await expect
    .poll(async () => {
      await site.fetch("/api/orders");
      return (await site.events("request")).at(-1);
    })
    .toMatchObject({ token: "memory", ignoredMessages: marked(messages) });
  expect(await troubled()).toEqual([]);
  expect(stack.api.received.every(({ authorization }) => authorization === "bearer")).toBe(true);
});

test("hundreds of malformed messages from the worker are ignored and counted", async ({ site, stack }) => {
  await site.fetch("/api/orders");
  const troubled = await troubles(site);
  const malformed = sample((data) => readWorkerMessage(data) === null);
  // A page can do nothing with these, although they are well-formed.
  const senseless = sample((data) => readWorkerMessage(data) !== null);

  const [worker] = site.page.context().serviceWorkers();
  await worker?.evaluate(
    async (messages) => {
      const { clients } = self as unknown as { clients: { matchAll(): Promise<Window[]> } };
      const [page] = await clients.matchAll();
      for (const data of messages) page?.postMessage(data, [new MessageChannel().port2] as never);
    },
    [...malformed, ...senseless],
  );

  await expect
    .poll(() => site.run(async () => (await window.attached).ignoredMessages))
    .toBe(marked(malformed));
  expect(await troubled()).toEqual([]);
  // The next worker asks the page, which answers as before.
  await site.stopWorker();
  expect(await site.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ADA } } });
  expect(received(stack, "/api/orders")).toHaveLength(2);
});

test("malformed answers of a page are ignored, and the well-formed answer after them counts", async ({
  site,
  page,
  stack,
}) => {
  const troubled = await troubles(site);
  const answers = sample((data) => readReply(data) === null);
  stack.site.override("/other.html", {
    body: `<!doctype html><script>
      window.questions = 0;
      navigator.serviceWorker.onmessage = ({ ports: [port] }) => {
        window.questions++;
        for (const answer of ${JSON.stringify(answers).replaceAll("<", "\\u003c")}) port.postMessage(answer);
        port.postMessage({
          bearerWorker: ${VERSION}, type: "identity", account: { type: "signed-out", mayAcquire: false },
          map: "", observing: false, unanswered: [], token: null,
        });
      };
    </script>`,
  });
  const other = await page.context().newPage();
  await other.goto(`${stack.site.origin}/other.html`);

  expect(await other.evaluate(() => fetch("/api/orders").then(({ status }) => status))).toBe(401);
  expect(await other.evaluate(() => (window as typeof window & { questions: number }).questions)).toBe(1);
  expect(await site.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ADA } } });

  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([null, ADA]);
  const [worker] = page.context().serviceWorkers();
  await site.recordRequests();
  await site.fetch("/api/orders");
  await expect.poll(() => site.events("request")).toMatchObject([{ ignoredMessages: marked(answers) }]);
  expect(worker).toBeDefined();
  expect((await troubled()).filter((text) => !text.includes("401"))).toEqual([]);
});

test("an event that a script forges in the page gets no token", async ({ site, stack }) => {
  const { account } = await identityOf(site);
  const url = `${stack.site.origin}/api/orders`;

  await site.run(
    (messages) => {
      const { controller } = navigator.serviceWorker;
      for (const data of messages) {
        for (const target of [navigator.serviceWorker, window, document]) {
          for (const source of [controller, window, null]) {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => window.events.push({ type: "answer" });
            target.dispatchEvent(new MessageEvent("message", { source, data, ports: [port2] }));
          }
        }
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => window.events.push({ type: "answer" });
        window.postMessage(data, "*", [port2]);
      }
    },
    [acquireQuestion(account, url), identifyQuestion(url)],
  );

  // The page answers questions in their order: the forged questions came first.
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await site.events("answer")).toEqual([]);
  expect(received(stack, "/api/orders")).toHaveLength(1);
});

test("a message of any shape on the pages' channels signs no user out and asks no user", async ({
  open,
  page,
  stack,
}) => {
  await page.addInitScript(() => {
    const channels: string[] = [];
    Object.assign(window, { channels });
    window.BroadcastChannel = class extends BroadcastChannel {
      constructor(name: string) {
        super(name);
        if (name.startsWith("bearer-worker")) channels.push(name);
      }
    };
  });
  const site = await open();
  await site.signIn();
  await site.fetch("/api/orders");
  const troubled = await troubles(site);
  // One for accounts, one for interactions.
  type ChannelsWindow = typeof window & { channels: string[] };
  await expect.poll(() => site.run(() => new Set((window as ChannelsWindow).channels).size)).toBe(2);

  const identity = await identityOf(site);
  const account = identity.account.type === "account" ? identity.account.id : null;
  const method = "GET";
  const needed = tabMessage({ type: "needed", account, key: `${stack.site.origin}/api/*`, method });
  const declined = tabMessage({ type: "declined", account });
  const messages = [
    // The page has this token, so no user has to act for it.
    needed,
    tabMessage({ type: "needed", account, key: `${stack.site.origin}/elsewhere`, method }),
    tabMessage({ type: "declined", account: "mallory" }),
    { ...declined, version: declined.version + 1 },
    { ...declined, account: undefined },
    { type: "declined", account },
    { ...needed, key: undefined },
  ];
  await site.run(async (messages) => {
    const shapes = [null, undefined, 1, "", "mallory", [], [null], [""], [undefined], {}, { length: 1 }];
    for (const name of new Set((window as ChannelsWindow).channels)) {
      const channel = new BroadcastChannel(name);
      for (const data of [...shapes, { toString: 1 }, ...messages]) channel.postMessage(data);
      // A channel's messages keep their order, so all have arrived when the last one has.
      const last = new BroadcastChannel(name);
      await new Promise<void>((resolve) => {
        last.onmessage = ({ data }) => {
          if (data === "last") resolve();
        };
        channel.postMessage("last");
      });
    }
  }, messages);

  expect(await site.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ADA } } });
  expect(await site.dialog.count()).toBe(0);
  expect(await troubled()).toEqual([]);

  // The messages refused nothing: the next request that needs the user asks them.
  site.endSession();
  await stack.api.revokeTokens();
  await site.useUpClick();
  const waiting = site.fetch("/api/orders");
  await (await site.openPopup()).locator(`[data-account="${ADA}"]`).click();
  expect(await waiting).toMatchObject({ status: 200 });
});
