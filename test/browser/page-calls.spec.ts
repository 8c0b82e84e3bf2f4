import { authorizations, expect, received, requestByXhr, type SitePage, test } from "./fixtures.ts";

type HeldWindow = typeof window & { register: () => void };

test("a first visit's fetch and XMLHttpRequest get tokens before there is a worker, and leave to it what follows", async ({
  open,
  page,
  stack,
}) => {
  const site = await open();
  await site.signIn();
  await site.unregister();
  // A registration takes as long as the test says.
  await page.addInitScript(() => {
    const released = new Promise<void>((resolve) => {
      (window as HeldWindow).register = resolve;
    });
    const container = navigator.serviceWorker;
    const register = container.register.bind(container);
    container.register = async (...given) => {
      await released;
      return await register(...given);
    };
  });
  await page.goto(site.url({}));
  await expect.poll(() => site.run(() => typeof (window as Partial<typeof window>).attached)).toBe("object");

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await requestByXhr(site)).toBe(200);
  expect(await site.run(() => navigator.serviceWorker.controller === null)).toBe(true);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);

  await site.run(() => (window as HeldWindow).register());
  await site.attached();
  // The events of calls that came first have reached the listeners all the same.
  await expect.poll(() => site.events("tokenacquired")).not.toEqual([]);
  expect(await requestByXhr(site)).toBe(200);
  for (const name of ["fetch", "XMLHttpRequest.prototype.open", "XMLHttpRequest.prototype.send"])
    expect(await site.run<string>(`String(${name})`)).toContain("[native code]");
});

test.describe("in a page without service workers", () => {
  test.beforeEach(async ({ page }) => {
    await page.addInitScript(() => {
      delete (Navigator.prototype as { serviceWorker?: unknown }).serviceWorker;
    });
  });

  /** Sends an XMLHttpRequest, and notes its events. */
  const course = (
    site: SitePage,
    { url, body = null, abortsAt = null }: { url: string; body?: string | null; abortsAt?: string | null },
  ): Promise<string[]> =>
    site.run(
      (request) =>
        new Promise<string[]>((resolve) => {
          const xhr = new XMLHttpRequest();
          const events: string[] = [];
          for (const type of ["load", "error", "abort", "loadend"])
            xhr.addEventListener(type, () => events.push(`${type} ${xhr.status}`));
          xhr.onreadystatechange = () => xhr.readyState > 1 && events.push(`state ${xhr.readyState}`);
          xhr.addEventListener("loadend", () => resolve(events));
          xhr.open(request.body === null ? "GET" : "POST", request.url);
          xhr.setRequestHeader("X-Trace", "kept");
          xhr.send(request.body);
          if (request.abortsAt === "at once") xhr.abort();
        }),
      { url: site.resolve(url), body, abortsAt },
    );

  test("an XMLHttpRequest is replayed once, and its page hears the events of one request", async ({
    open,
    stack,
  }) => {
    const site = await open({ attach: { fallback: "fetch" } });
    await site.signIn();
    const usual = await course(site, { url: "/api/orders", body: "first" });
    await stack.api.revokeTokens();

    const replayed = await course(site, { url: "/api/orders", body: "again" });

    expect(usual.at(-1)).toBe("loadend 201");
    expect(replayed).toEqual(usual);
    expect(
      stack.api.received.map(({ status, body, headers }) => [status, body?.bytes, headers["x-trace"]]),
    ).toEqual([
      [201, 5, "kept"],
      [401, 5, "kept"],
      [201, 5, "kept"],
    ]);
  });

  for (const [given, changes] of [
    ["a URL object that the page uses again", "the object"],
    ["a relative URL", "the page's own URL"],
  ] as const) {
    test(`an XMLHttpRequest with ${given} is replayed where it went first`, async ({ open, stack }) => {
      const site = await open({ attach: { fallback: "fetch" } });
      await site.signIn();
      await requestByXhr(site);
      await stack.api.revokeTokens();

      const status = await site.run(
        (changed) =>
          new Promise<number>((resolve) => {
            const url = new URL("/api/orders", location.href);
            const xhr = new XMLHttpRequest();
            xhr.onloadend = () => resolve(xhr.status);
            xhr.open("GET", changed === "the object" ? url : "api/orders");
            xhr.send();
            url.pathname = "/elsewhere";
            history.pushState(null, "", "/shop/5");
          }),
        changes,
      );
      expect(status).toBe(200);
      expect(stack.api.received.map(({ path, status: answer }) => [path, answer])).toEqual([
        ["/api/orders", 200],
        ["/api/orders", 401],
        ["/api/orders", 200],
      ]);
    });
  }

  test("a fetch that waits for the user ends as soon as the page aborts it", async ({ open, stack }) => {
    const site = await open({ attach: { fallback: "fetch" } });
    await site.signIn();
    site.endSession();
    await site.useUpClick();
    await site.run(() => {
      const controller = new AbortController();
      const ended = fetch("/api/orders", { signal: controller.signal }).catch((error: unknown) => error);
      Object.assign(window, { controller, ended });
    });
    await site.dialogShown();

    const error = await site.run(async () => {
      const { controller, ended } = window as unknown as {
        controller: AbortController;
        ended: Promise<unknown>;
      };
      controller.abort("too late");
      return await ended;
    });
    expect(error).toBe("too late");
    expect(received(stack, "/api/orders")).toEqual([]);
  });

  test("an XMLHttpRequest with a refusal that no new token mends hears of it, one without a token fails, one that is aborted is not sent", async ({
    open,
    stack,
  }) => {
    const site = await open({ attach: { fallback: "fetch", interaction: "none" } });
    expect((await course(site, { url: "/api/orders" })).slice(-2)).toEqual(["load 401", "loadend 401"]);
    await site.signIn();
    stack.api.reset();
    expect(await course(site, { url: "/api/orders", abortsAt: "at once" })).toEqual([
      "state 4",
      "abort 0",
      "loadend 0",
    ]);
    expect(received(stack, "/api/orders")).toEqual([]);

    await course(site, { url: "/api/orders" });
    await stack.api.revokeTokens();
    site.endSession();
    const refused = await course(site, { url: "/api/orders" });
    expect(refused.slice(-2)).toEqual(["load 401", "loadend 401"]);

    stack.provider.stop();
    await site.run(() => window.attached.then((attachment) => attachment.forgetTokens()));
    expect((await course(site, { url: "api:/media/photo" })).slice(-2)).toEqual(["error 0", "loadend 0"]);
    expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
  });

  test("an XMLHttpRequest that is older than the attachment hears of a refusal, and has the new token the next time", async ({
    open,
    page,
    stack,
  }) => {
    await page.addInitScript(() => Object.assign(window, { older: new XMLHttpRequest() }));
    const site = await open({ attach: { fallback: "fetch" } });
    await site.signIn();
    const send = (): Promise<number> =>
      site.run(
        () =>
          new Promise<number>((resolve) => {
            const { older } = window as typeof window & { older: XMLHttpRequest };
            older.onloadend = () => resolve(older.status);
            older.open("GET", "/api/orders");
            older.send();
          }),
      );
    expect(await send()).toBe(200);
    await stack.api.revokeTokens();

    expect(await send()).toBe(401);
    await expect.poll(send).toBe(200);
    // A URL with a user name has the caller's own credentials.
    await site.run(
      () =>
        new Promise((resolve) => {
          const request = new XMLHttpRequest();
          request.onloadend = resolve;
          request.open("GET", "/api/orders", true, "ada", "secret");
          request.send();
        }),
    );
    expect(authorizations(stack, "/api/orders").at(-1)).not.toBe("bearer");
  });
});
