import { expect, received, test } from "./fixtures.ts";

test("a request whose maker has gone before anybody knows whose it is goes nowhere", async ({
  open,
  stack,
}) => {
  const site = await open();
  await site.signIn();
  stack.site.override("/leaving.js", {
    headers: { "Content-Type": "text/javascript" },
    body: `fetch("/api/orders?left").catch(() => undefined); postMessage("sent");`,
  });

  for (let i = 0; i < 5; i++) {
    await site.stopWorker();
    await site.run(`new Promise((resolve) => {
      const worker = new Worker("/leaving.js");
      worker.onmessage = () => resolve(worker.terminate());
    })`);
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  }

  expect(received(stack, "/api/orders").map(({ authorization }) => authorization)).not.toContain("none");
});
