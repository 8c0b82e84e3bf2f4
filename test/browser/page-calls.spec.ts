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

  const KINDS = [
    "a buffer that is filled anew",
    "a part of a buffer that is transferred",
    "parameters",
    "form data with a file",
    "an HTML document",
    "an XML document",
  ] as const;

  /**
   * Sends a body by the browser's own XMLHttpRequest, which another realm has, and then by the page's, and changes the second body
   * right after the call. Gives the total of each upload. Runs in the page.
   */
  const sendTwice = async (kind: (typeof KINDS)[number]): Promise<readonly number[]> => {
    type Changing = { body: Exclude<Parameters<XMLHttpRequest["send"]>[0], undefined>; change: () => void };
    const ofDocument = (type: DOMParserSupportedType): Changing => {
      const body = new DOMParser().parseFromString("<html><p>\u00e9 &amp; co</p></html>", type);
      return { body, change: () => body.documentElement.remove() };
    };
    const make = (): Changing => {
      const bytes = new Uint8Array([1, 2, 3, 4, 5, 6]);
      const parameters = new URLSearchParams({ name: "first" });
      const form = new FormData();
      form.append("name", "first");
      form.append("file", new File(["content"], "one.txt", { type: "text/plain" }));
      switch (kind) {
        case "a buffer that is filled anew":
          return { body: bytes.buffer, change: () => void bytes.fill(0) };
        case "a part of a buffer that is transferred":
          return {
            body: bytes.subarray(2, 4),
            change: () => void structuredClone(bytes.buffer, { transfer: [bytes.buffer] }),
          };
        case "parameters":
          return { body: parameters, change: () => parameters.append("name", "second") };
        case "form data with a file":
          return { body: form, change: () => form.delete("file") };
        case "an HTML document":
          return ofDocument("text/html");
        case "an XML document":
          return ofDocument("application/xml");
      }
    };
    const send = (xhr: XMLHttpRequest, isChanged: boolean): Promise<number> =>
      new Promise((resolve) => {
        const { body, change } = make();
        let total = -1;
        xhr.upload.onload = (event) => void (total = event.total);
        xhr.onloadend = () => resolve(total);
        xhr.open("POST", "/api/orders");
        xhr.send(body);
        if (isChanged) change();
      });
    const frame = document.body.appendChild(document.createElement("iframe"));
    const realm = frame.contentWindow as typeof window;
    const usual = await send(new realm.XMLHttpRequest(), false);
    frame.remove();
    return [usual, await send(new XMLHttpRequest(), true)];
  };

  for (const kind of KINDS) {
    test(`the body of an XMLHttpRequest is read at the call, and is sent and replayed as the browser would send it: ${kind}`, async ({
      open,
      stack,
    }) => {
      const site = await open({ attach: { fallback: "fetch" } });
      await site.signIn();
      await site.fetch("/api/orders", { method: "POST" });
      await stack.api.revokeTokens();
      const before = stack.api.received.length;

      const [usualTotal, total] = await site.run(sendTwice, kind);

      const [usual, ...ours] = stack.api.received.slice(before).map(({ body, headers, authorization }) => ({
        authorization,
        bytes: body?.bytes,
        type: headers["content-type"]?.replace(/boundary=.*/, "boundary"),
        // The boundary is another one each time.
        hash: kind === "form data with a file" ? null : body?.sha256,
      }));
      expect(usual?.authorization).toBe("none");
      expect(ours).toEqual(Array(2).fill({ ...usual, authorization: "bearer" }));
      expect(total).toBe(usualTotal);
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
