import type { Page } from "@playwright/test";
import { listenOnLoopback } from "../../dev/loopback-listener.ts";
import type { Stack } from "../../dev/start-stack.ts";
import { authorizations, expect, received, SitePage, test } from "./fixtures.ts";
import { inTime } from "./in-time.ts";

/** Deadlines are of 30 seconds: what fails earlier did not wait for one. */
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

/** The status, 0 for a network error. */
const fetchFrom = (page: Page, client: string, url: string): Promise<number | "too late"> =>
  inTime(
    page.evaluate<number>(`window.fetchFrom[${JSON.stringify(client)}](${JSON.stringify(url)})`),
    PROMPTLY,
  );

for (const client of ["shared worker", "iframe"]) {
  test(`when the last page that attaches tokens has gone, a request of a ${client} fails as a network would, and has its token once one is back`, async ({
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
    expect(await fetchFrom(bystander, client, "/api/orders")).toBe(200);

    await site.stopWorker();
    await page.goto("about:blank");
    expect(await fetchFrom(bystander, client, "/api/orders")).toBe(0);
    expect(received(stack, "/api/orders")).toHaveLength(1);

    await SitePage.open(page, stack);
    expect(await fetchFrom(bystander, client, "/api/orders")).toBe(200);
    expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
  });
}

test("an iframe in another origin's page, with no page of the site left, fails as a network would", async ({
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
