import { anonymous, expect, received, test, tokenRequests } from "./fixtures.ts";
import { answeredWith, failedAgain, startTraffic } from "./traffic.ts";

for (const token of ["is at hand", "was lost with the worker", "was never there"] as const) {
  test(`requests fail offline as without a worker, and have their token once online again, when the token ${token}`, async ({
    site,
    page,
    stack,
  }) => {
    if (token !== "was never there") await site.fetch("/api/orders");
    const before = tokenRequests(stack).length;
    // Both the page and the worker lose the network.
    await page.context().setOffline(true);
    if (token === "was lost with the worker") await site.stopWorker();
    expect(await site.run(() => navigator.onLine)).toBe(false);

    const traffic = await startTraffic(site, 10);
    await answeredWith(traffic, 0, 20);
    expect((await traffic.trips()).filter(({ status }) => status !== 0)).toEqual([]);
    expect(tokenRequests(stack)).toHaveLength(before);
    await page.context().setOffline(false);
    await answeredWith(traffic, 200);
    const trips = await traffic.end();

    expect(failedAgain(trips)).toEqual([]);
    expect(anonymous(stack, "/api/orders")).toEqual([]);
    expect(tokenRequests(stack).length - before).toBe(token === "was never there" ? 1 : 0);
    const reasons = new Set((await site.events("tokenfailed")).map(({ reason }) => reason));
    expect(reasons).toEqual(new Set(token === "was never there" ? ["no_network_connectivity"] : []));
  });
}

test("requests with a token at hand go on while the provider's server is gone, and others recover by themselves", async ({
  site,
  stack,
}) => {
  test.setTimeout(90_000);
  await site.fetch("/api/orders");
  const before = tokenRequests(stack).length;
  const bringBack = await stack.takeDown("provider");

  const traffic = await startTraffic(site, 10, "api:/media/photo");
  await answeredWith(traffic, 0, 20);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(received(stack, "/media/photo")).toEqual([]);

  await bringBack();
  await answeredWith(traffic, 200, 10);
  await traffic.end();

  expect(tokenRequests(stack)).toHaveLength(before + 1);
  expect(anonymous(stack, "/media/photo")).toEqual([]);
});

test("requests end as without a worker while the API's server is gone, and the provider is not asked", async ({
  site,
  stack,
}) => {
  expect(await site.fetch("api:/media/photo")).toMatchObject({ status: 200 });
  const before = stack.provider.requests.length;
  const bringBack = await stack.takeDown("api");

  const traffic = await startTraffic(site, 10, "api:/media/photo");
  await answeredWith(traffic, 0, 10);
  await bringBack();
  await answeredWith(traffic, 200, 10);
  await traffic.end();

  expect(stack.provider.requests).toHaveLength(before);
  expect(await site.events("tokenfailed")).toEqual([]);
  expect(anonymous(stack, "/media/photo")).toEqual([]);
});

test("an open page's requests to an API go on while the site's own server is gone, even when the worker was stopped", async ({
  site,
  stack,
}) => {
  const bringBack = await stack.takeDown("site");
  await site.stopWorker();

  // The browser has kept the worker's script, and the configuration in the script's URL.
  expect(await site.fetch("api:/media/photo")).toMatchObject({ status: 200 });
  await bringBack();

  expect(received(stack, "/media/photo")).toEqual([
    { authorization: "bearer", user: "ada@contoso.example", audience: "api://media" },
  ]);
});
