import type { Page } from "@playwright/test";
import { listenOnLoopback } from "../../dev/loopback-listener.ts";
import type { Stack } from "../../dev/start-stack.ts";
import { authorizations, expect, received, SitePage, test } from "./fixtures.ts";
import { inTime } from "./in-time.ts";

/** The clients of a site that are no pages. */
const CLIENTS = ["shared worker", "iframe"] as const;
type Client = (typeof CLIENTS)[number];

declare global {
  interface Window {
    /** Functions of `bystander.html`: each fetches a URL in its client and resolves to the status, 0 for a network error. */
    fetchFrom: Record<Client, (url: string) => Promise<number>>;
  }
}

/** Deadlines are of 30 seconds: a request that fails earlier did not wait for one. */
const PROMPTLY = 25_000;

const SHARED_WORKER = `
  onconnect = ({ ports: [port] }) => {
    port.onmessage = ({ data }) => fetch(data).then(({ status }) => port.postMessage(status), () => port.postMessage(0));
  };`;

/** A page of the site that attaches no tokens, with a shared worker and an iframe that fetch. */
function serve(stack: Stack): void {
  stack.site.override("/shared-worker.js", {
    body: SHARED_WORKER,
  });
  stack.site.override("/frame.html", { body: "<!doctype html>" });
  stack.site.override("/bystander.html", {
    body: `<!doctype html><iframe src="/frame.html"></iframe><script>
      const { port } = new SharedWorker("/shared-worker.js");
      port.start();
      window.fetchFrom = {
        "shared worker": (url) => new Promise((resolve) => {
          port.onmessage = ({ data }) => resolve(data);
          port.postMessage(url);
        }),
        iframe: (url) => frames[0].fetch(url).then(({ status }) => status, () => 0),
      };
    </script>`,
  });
}

const fetchFrom = (page: Page, client: Client, url: string): Promise<number | "too late"> =>
  inTime(
    page.evaluate((request) => window.fetchFrom[request.client](request.url), { client, url }),
    PROMPTLY,
  );

test("requests of a shared worker and an iframe go out bare beside a page that says nothing, and fail as without a network once no page answers", async ({
  open,
  page,
  context,
  stack,
}) => {
  serve(stack);
  const site = await open();
  await site.signIn();
  const bystander = await context.newPage();
  await bystander.goto(`${stack.site.origin}/bystander.html`);
  const fetchFromAll = () =>
    Promise.all(CLIENTS.map((client) => fetchFrom(bystander, client, "/api/orders")));
  // The bystander has no part that could name its account, so it cannot be known whose requests these are.
  expect(await fetchFromAll()).toEqual([401, 401]);

  await site.stopWorker();
  await page.goto("about:blank");
  expect(await fetchFromAll()).toEqual([0, 0]);
  expect(received(stack, "/api/orders")).toHaveLength(2);

  await SitePage.open(page, stack);
  expect(await fetchFromAll()).toEqual([401, 401]);
  expect(authorizations(stack, "/api/orders")).toEqual(Array(4).fill("none"));
});

test("an iframe in another origin's page fails as without a network when no page of the site is left", async ({
  open,
  page,
  stack,
}) => {
  serve(stack);
  const site = await open();
  await site.signIn();
  const embedder = await listenOnLoopback(0);
  embedder.serve((_request, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(`<!doctype html><iframe name="app" src="${stack.site.origin}/frame.html"></iframe>`);
  });

  await page.goto(embedder.origin);
  const fetching = page.frame("app")?.evaluate(() =>
    fetch("/api/orders").then(
      (response) => response.status,
      () => 0,
    ),
  );

  expect(await (fetching && inTime(fetching, PROMPTLY))).toBe(0);
  expect(received(stack, "/api/orders")).toEqual([]);
  await embedder.close();
});
