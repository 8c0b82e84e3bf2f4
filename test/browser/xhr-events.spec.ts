import { test as base, expect, type SitePage } from "./fixtures.ts";
import { openXhrServer, type XhrServer } from "./xhr-server.ts";

/** The tools of a scenario, in the page. */
interface Tools {
  readonly log: (line: string) => void;
  /** The next event of a type. */
  readonly next: (type: string) => Promise<unknown>;
  /** Notes the names of the errors that calls throw, or the calls' results. */
  readonly attempt: (...calls: (() => unknown)[]) => void;
}
/** Runs in the page, as source text. */
type Scenario = (xhr: XMLHttpRequest, url: string, tools: Tools) => Promise<unknown>;

declare global {
  interface Window {
    /** How many renewals were asked for. */
    renewals: number;
    /** Lets the renewal that is held go on. */
    renew: (succeeds: boolean) => void;
    /** Holds every renewal from now on. */
    holdRenewals: () => void;
  }
}

/** A page without service workers, whose source of tokens renews them when the test says so. */
const test = base.extend<{ server: XhrServer; site: SitePage }>({
  server: async ({}, use) => {
    const server = await openXhrServer();
    await use(server);
    await server.close();
  },
  site: async ({ page, stack, server, open }, use) => {
    await page.addInitScript(() => {
      delete (Navigator.prototype as { serviceWorker?: unknown }).serviceWorker;
    });
    stack.site.override("/site.js", {
      body: `
        let count = 0;
        window.renewals = 0;
        let renewal = Promise.resolve(true);
        window.holdRenewals = () => void (renewal = new Promise((resolve) => (window.renew = resolve)));
        window.attached = bearerWorker.attachTokens({
          providerOrigins: [],
          redirectPages: [],
          ready: async () => {},
          account: () => "ada",
          subscribe: () => () => {},
          acquireInteractive: async () => null,
          async acquireSilent({ forceRefresh }) {
            if (forceRefresh) {
              window.renewals++;
              if (!(await renewal)) throw new Error("no new token");
            }
            return { accessToken: "t" + ++count, account: "ada", expiresOn: new Date(Date.now() + 3_600_000) };
          },
        }, {
          fallback: "fetch",
          interaction: "none",
          protectedResourceMap: { "${server.origin}/free": null, "${server.origin}/*": ["read"] },
        });`,
    });
    await use(await open());
  },
});

/**
 * Runs a scenario with an XMLHttpRequest of the page, or of a frame, which has the browser's own. Gives the events of the object
 * and of its `upload`, as listeners and as handlers hear them; equal ones that follow each other count as one. Runs in the page.
 */
const record = async (isNative: boolean, url: string, scenario: Scenario): Promise<readonly string[]> => {
  const frame =
    document.querySelector("iframe") ?? document.body.appendChild(document.createElement("iframe"));
  const realm = isNative ? (frame.contentWindow as typeof window) : window;
  const lines: string[] = [];
  // A request that waits for a token has its `loadstart` later.
  const results: string[] = [];
  const log = (line: string): void => {
    if (lines.at(-1) !== line) lines.push(line);
  };
  const nameOf = (call: () => unknown): unknown => {
    try {
      return call();
    } catch (error) {
      return (error as Error).name;
    }
  };
  const xhr = new realm.XMLHttpRequest();
  if (isNative) {
    // A request of the page gains this header.
    const open = xhr.open.bind(xhr) as (...given: unknown[]) => void;
    xhr.open = (...given: unknown[]) => {
      open(...given);
      // A listener may have sent the request.
      nameOf(() => xhr.setRequestHeader("Authorization", "none"));
    };
  }
  for (const [name, target] of [
    ["xhr", xhr],
    ["upload", xhr.upload],
  ] as const) {
    const types = [
      "loadstart",
      "progress",
      "load",
      "loadend",
      "error",
      "abort",
      "timeout",
      "readystatechange",
    ];
    for (const type of types) {
      const isEnd = type !== "progress" && type !== "readystatechange";
      target.addEventListener(type, (event) =>
        log(
          [name, type, xhr.readyState, xhr.status, ...(isEnd ? [(event as ProgressEvent).loaded] : [])].join(
            " ",
          ),
        ),
      );
      Reflect.set(target, `on${type}`, () => log(`${name} on${type}`));
    }
  }
  await scenario(xhr, url, {
    log,
    next: (type) => new Promise((resolve) => xhr.addEventListener(type, resolve, { once: true })),
    attempt: (...calls) => results.push(...calls.map((call) => `${String(call)}: ${String(nameOf(call))}`)),
  });
  // Events that should not come would come meanwhile.
  await fetch("/site.js");
  return [...lines, ...results];
};

const run = (
  site: SitePage,
  isNative: boolean,
  url: string,
  scenario: Scenario,
): Promise<readonly string[]> =>
  site.run(`(${record.toString()})(${isNative}, ${JSON.stringify(url)}, ${scenario.toString()})`);

/** The properties of XMLHttpRequest that are not the browser's own. */
const wrapped = (site: SitePage): Promise<readonly string[]> =>
  site.run(() =>
    Object.entries(Object.getOwnPropertyDescriptors(XMLHttpRequest.prototype))
      .filter(([, property]) =>
        Object.values(property).some(
          (part) => typeof part === "function" && !String(part).includes("[native code]"),
        ),
      )
      .map(([name]) => name),
  );

/** The browser's own request goes to the first path, and ours to the second. */
const REFUSED_ONCE = ["/usual", "/refused-once"] as const;

const SCENARIOS: readonly (readonly [title: string, path: string | typeof REFUSED_ONCE, Scenario])[] = [
  [
    "that is answered",
    "/usual",
    async (xhr, url, { next, log }) => {
      xhr.open("GET", url);
      xhr.send();
      await next("loadend");
      log(`${xhr.responseText} ${xhr.responseURL === url} ${xhr.getResponseHeader("content-type")}`);
      log(String(xhr.getAllResponseHeaders().includes("content-length")));
    },
  ],
  [
    "with a body",
    "/usual",
    async (xhr, url, { next, log }) => {
      xhr.open("POST", url, true, undefined, null);
      xhr.setRequestHeader("X-Trace", "1");
      xhr.send("a body");
      await next("loadend");
      log(xhr.responseText);
    },
  ],
  [
    "that the server refuses at first",
    REFUSED_ONCE,
    async (xhr, url, { next, log }) => {
      xhr.open("POST", url);
      xhr.responseType = "arraybuffer";
      xhr.overrideMimeType("text/x-odd");
      xhr.timeout = 10_000;
      xhr.send(new Uint8Array([97, 98]));
      await next("loadend");
      log(new TextDecoder().decode(xhr.response as ArrayBuffer));
    },
  ],
  [
    "for a document",
    "/document",
    async (xhr, url, { next, log }) => {
      xhr.open("GET", url);
      xhr.responseType = "document";
      xhr.send();
      await next("loadend");
      log(`${xhr.responseXML?.documentElement.outerHTML} ${xhr.responseXML === xhr.response}`);
    },
  ],
  [
    "whose type is overridden by XML",
    "/document",
    async (xhr, url, { next, log }) => {
      xhr.open("GET", url);
      xhr.overrideMimeType("application/xml");
      xhr.send();
      await next("loadend");
      log(String(xhr.responseXML?.documentElement.outerHTML));
    },
  ],
  [
    "that the server drops",
    "/dropped",
    async (xhr, url, { next }) => {
      xhr.open("GET", url);
      xhr.send();
      await next("loadend");
    },
  ],
  [
    "that times out",
    "/late",
    async (xhr, url, { next }) => {
      xhr.open("POST", url);
      xhr.send("a body");
      // The time may be set while the request is under way.
      xhr.timeout = 300;
      await next("timeout");
    },
  ],
  [
    "with a status beyond those of a Response",
    "/status-999",
    async (xhr, url, { next, log }) => {
      xhr.open("GET", url);
      xhr.send();
      await next("loadend");
      log(xhr.responseText);
    },
  ],
  [
    "that is aborted before and after it is opened, and sent then",
    "/usual",
    async (xhr, url, { next }) => {
      xhr.abort();
      xhr.open("GET", url);
      xhr.abort();
      xhr.send();
      await next("loadend");
      xhr.abort();
    },
  ],
  [
    "that is aborted when the headers are there",
    "/in-part",
    async (xhr, url, { next, log }) => {
      xhr.open("GET", url);
      xhr.send();
      xhr.addEventListener("readystatechange", () => {
        if (xhr.readyState === XMLHttpRequest.HEADERS_RECEIVED) xhr.abort();
      });
      await next("abort");
      log(String(xhr.readyState));
    },
  ],
  [
    "that is aborted while its body comes",
    "/in-part",
    async (xhr, url, { next, log }) => {
      xhr.open("GET", url);
      xhr.send();
      await next("progress");
      xhr.abort();
      log(String(xhr.readyState));
    },
  ],
  [
    "that is opened anew while its body comes",
    "/in-part",
    async (xhr, url, { next, log }) => {
      xhr.open("GET", url);
      xhr.send();
      await next("progress");
      xhr.open("GET", url.replace("in-part", "usual"));
      xhr.send();
      await next("loadend");
      log(xhr.responseText);
    },
  ],
  [
    "that goes on after an open which threw",
    "/usual",
    async (xhr, url, { next, attempt, log }) => {
      xhr.open("POST", url);
      xhr.send("a body");
      attempt(
        () => xhr.open("GET", "https://"),
        () => xhr.open("TRACE", "/usual"),
        () => xhr.open("GET", "http://localhost:port/"),
      );
      await next("loadend");
      log(xhr.responseText);
    },
  ],
  [
    "that is sent by a listener of its first event",
    "/usual",
    async (xhr, url, { next, log }) => {
      xhr.addEventListener("readystatechange", () => {
        if (xhr.readyState !== XMLHttpRequest.OPENED) return;
        xhr.setRequestHeader("X-Trace", "1");
        xhr.send("a body");
      });
      xhr.open("POST", url);
      await next("loadend");
      log(xhr.responseText);
    },
  ],
  [
    "whose object the page goes on to set after it was sent",
    "/usual",
    async (xhr, url, { next, attempt, log }) => {
      xhr.open("POST", url);
      xhr.send("a body");
      attempt(
        () => xhr.setRequestHeader("X-Trace", "1"),
        () => (xhr.withCredentials = true),
        () => xhr.withCredentials,
        () => xhr.send(),
        () => (xhr.responseType = "text"),
        () => xhr.overrideMimeType("text/plain"),
        () => (xhr.timeout = 10_000),
        () => xhr.readyState,
      );
      await next("loadend");
      log(xhr.responseText);
    },
  ],
  [
    "with memory that threads share as its body, and then with a string",
    "/usual",
    async (xhr, url, { next, attempt, log }) => {
      const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
      xhr.open("POST", url);
      attempt(() => xhr.send(new Uint8Array(buffer) as Uint8Array<ArrayBuffer>));
      xhr.setRequestHeader("X-Trace", "1");
      xhr.send("a body");
      await next("loadend");
      log(xhr.responseText);
    },
  ],
  [
    "that is synchronous, since its third argument is undefined",
    "/usual",
    (xhr, url, { log }) => {
      xhr.open("POST", url, undefined as unknown as boolean);
      xhr.send("a body");
      log(`${xhr.readyState} ${xhr.status} ${xhr.responseText}`);
      return Promise.resolve();
    },
  ],
];

for (const [title, path, scenario] of SCENARIOS) {
  test(`a protected XMLHttpRequest ${title} has the events of the browser's own, and leaves no wrapper behind`, async ({
    site,
    server,
  }) => {
    const [usualPath, ourPath] = typeof path === "string" ? [path, path] : path;
    const usual = await run(site, true, `${server.origin}${usualPath}`, scenario);
    const before = server.received.length;
    const ours = await run(site, false, `${server.origin}${ourPath}`, scenario);

    expect(usual.length).toBeGreaterThan(0);
    expect(ours).toEqual(usual);
    const isSynchronous = title.includes("synchronous");
    for (const { authorization } of server.received.slice(before))
      expect(authorization).toEqual(isSynchronous ? null : expect.stringMatching(/^Bearer t\d$/));
    await site.run(() => window.attached.then((attachment) => attachment.detach()));
    await expect.poll(() => wrapped(site)).toEqual([]);
  });
}

test("a protected XMLHttpRequest that is opened anew while it waits for its token is sent once, as the page opened it last", async ({
  site,
  server,
}) => {
  const sendOnce: Scenario = async (xhr, url, { next, log }) => {
    xhr.open("GET", `${url}?1`);
    xhr.open("POST", `${url}?2`);
    xhr.send("a body");
    await next("loadend");
    log(xhr.responseText);
  };
  const sendTwice: Scenario = async (xhr, url, { next, log }) => {
    xhr.open("GET", `${url}?1`);
    xhr.send();
    xhr.open("POST", `${url}?2`);
    xhr.send("a body");
    await next("loadend");
    log(xhr.responseText);
  };
  const url = `${server.origin}/usual`;
  const usual = await run(site, true, url, sendOnce);

  expect(await run(site, false, url, sendTwice)).toEqual(usual);

  expect(server.received.map(({ path, authorization }) => [path, authorization])).toEqual([
    ["/usual?2", "none"],
    ["/usual?2", "Bearer t1"],
  ]);
});

test("a protected XMLHttpRequest that is aborted while it waits for its token is not sent, has the events of an abort, and can be opened anew", async ({
  site,
  server,
}) => {
  const abort: Scenario = async (xhr, url, { next, log }) => {
    xhr.open("POST", `${url}?1`);
    xhr.send("a body");
    xhr.abort();
    log(String(xhr.readyState));
    xhr.open("GET", `${url}?2`);
    xhr.send();
    await next("loadend");
    log(xhr.responseText);
  };
  const url = `${server.origin}/usual`;
  const usual = await run(site, true, url, abort);
  const before = server.received.length;

  // The browser has uploaded nothing, so `upload` has no events.
  const ours = await run(site, false, url, abort);
  expect(ours).toEqual(usual.filter((line) => !line.startsWith("upload")));

  expect(server.received.slice(before).map(({ path }) => path)).toEqual(["/usual?2"]);
});

/** Waits until the page asks for a new token, which the server has asked for. */
const renewalAsked = (site: SitePage): Promise<void> =>
  expect.poll(() => site.run(() => window.renewals)).toBe(1);

const sendBody: Scenario = async (xhr, url, { next, log }) => {
  xhr.open("POST", url);
  xhr.send("a body");
  Object.assign(window, { xhr });
  await next("loadend");
  log(xhr.responseText);
};

for (const [title, settle, usualPath] of [
  ["whose refusal breaks off while the page waits for a new token hears of an error", "breakOff", "/in-part"],
  ["whose refusal is complete while the page waits for a new token hears of a load", "complete", "/in-part"],
] as const) {
  for (const isFirst of [true, false]) {
    test(`a protected XMLHttpRequest ${title}${isFirst ? "" : ", though it does so after there is none"}`, async ({
      site,
      server,
    }) => {
      // The browser's own request has the same answer, but for the status.
      const native = run(site, true, `${server.origin}${usualPath}`, sendBody);
      await expect.poll(() => site.run(() => (window as { xhr?: XMLHttpRequest }).xhr?.readyState)).toBe(3);
      server[settle]();
      const usual = (await native).map((line) => line.replace(" 200", " 401"));

      await site.run(() => {
        Reflect.deleteProperty(window, "xhr");
        window.holdRenewals();
      });
      const ours = run(site, false, `${server.origin}/refused-in-part`, sendBody);
      await renewalAsked(site);
      const end = async (): Promise<void> => {
        server[settle]();
        await expect.poll(() => site.run(() => (window as { xhr?: XMLHttpRequest }).xhr?.readyState)).toBe(4);
      };
      if (isFirst) await end();
      await site.run(() => window.renew(false));
      if (!isFirst) await end();

      // The states in which the headers came and the body began are over when it is clear that the page is to hear of them.
      const hidden = /readystatechange [23]|onreadystatechange|progress [34]|onprogress/;
      const heard = (lines: readonly string[]): readonly string[] =>
        lines.filter((line) => !hidden.test(line));
      expect(heard(await ours)).toEqual(heard(usual));
      expect((await ours).filter((line) => line.startsWith("xhr readystatechange 4"))).toHaveLength(1);
    });
  }
}

test("a protected XMLHttpRequest that is aborted while its refused token is renewed has the events of one that is aborted", async ({
  site,
  server,
}) => {
  const abort: Scenario = async (xhr, url, { log }) => {
    const aborted = new Promise((resolve) => xhr.addEventListener("loadend", resolve));
    xhr.open("POST", url);
    xhr.send("a body");
    xhr.upload.addEventListener("loadend", () => Object.assign(window, { abortOne: () => xhr.abort() }));
    await aborted;
    log(String(xhr.readyState));
  };
  const abortOne = (): Promise<void> =>
    site.run(() => (window as unknown as { abortOne(): void }).abortOne());
  const native = run(site, true, `${server.origin}/late`, abort);
  await expect.poll(() => site.run(() => "abortOne" in window)).toBe(true);
  await abortOne();
  const usual = await native;

  await site.run(() => window.holdRenewals());
  const ours = run(site, false, `${server.origin}/refused`, abort);
  await renewalAsked(site);
  await abortOne();
  await site.run(() => window.renew(true));

  expect(await ours).toEqual(usual);
  expect(server.received.map(({ path }) => path)).toEqual(["/late", "/refused"]);
  await site.run(() => window.attached.then((attachment) => attachment.detach()));
  await expect.poll(() => wrapped(site)).toEqual([]);
});

test("an XMLHttpRequest outside the map has no preflight because of the page's wrappers", async ({
  site,
  server,
}) => {
  const look: Scenario = async (xhr, url, { next }) => {
    xhr.open("POST", url);
    xhr.send("a body");
    await next("loadend");
  };
  // The page has read `upload`, and listens to nothing there.
  const status = await site.run(async (url) => {
    const xhr = new XMLHttpRequest();
    const hasUpload = xhr.upload instanceof XMLHttpRequestUpload;
    xhr.open("POST", url);
    xhr.send("a body");
    await new Promise((resolve) => (xhr.onloadend = resolve));
    return hasUpload && xhr.status;
  }, `${server.origin}/free`);

  expect(status).toBe(200);
  expect(server.preflights).toEqual([]);
  expect(server.received).toMatchObject([{ path: "/free", authorization: null }]);
  // A listener of the page has the browser send one.
  await run(site, false, `${server.origin}/free`, look);
  expect(server.preflights).toEqual(["/free"]);
});
