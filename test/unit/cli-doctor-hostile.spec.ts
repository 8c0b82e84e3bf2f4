import { test as base, expect } from "@playwright/test";
import type { CheckName, Finding } from "../../cli/checks/finding.ts";
import { createAsk, LIMITS, Unreachable } from "../../cli/http.ts";
import { type HostileSite, type Mode, startHostileSite } from "./hostile-site.ts";
import { CONTROLS, runCli } from "./run-cli.ts";

const WORKER = "/bearer-sw.js";
const REDIRECT = "/bearer-redirect.html";

const test = base.extend<{ open: (mode: Mode, elsewhere?: string) => Promise<HostileSite> }>({
  open: async ({}, use) => {
    const sites: HostileSite[] = [];
    await use(async (mode, elsewhere) => {
      const site = await startHostileSite(mode, elsewhere);
      sites.push(site);
      return site;
    });
    for (const site of sites) site.close();
  },
});

async function examine({ origin }: HostileSite, ...args: string[]) {
  const { stdout, stderr } = await runCli("doctor", origin, "--json", ...args);
  expect(stderr).toBe("");
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  return {
    stdout,
    find: (name: CheckName): Finding | undefined => findings.find(({ check }) => check === name),
  };
}

/** Without its query, which is the worker's configuration. */
const path = (url: string): string => url.replace(/\?.*/, "");

for (const mode of ["signature", "headers"] as const) {
  test(`no control character of a site's ${mode} is printed`, async ({ open }) => {
    const { origin, received } = await open(mode);

    for (const args of [[], ["--json"]]) {
      const { stdout, stderr } = await runCli("doctor", origin, ...args);
      expect(stdout).not.toMatch(CONTROLS);
      expect(stderr).toBe("");
    }
    expect(received).toEqual(expect.arrayContaining(["/", WORKER, REDIRECT]));
  });
}

test("a header is shown with its control characters escaped, and in part when it is long", async ({
  open,
}) => {
  const { stdout, find } = await examine(await open("headers"));

  expect(stdout).toContain("served as text/html\\u009b31mRED\\u009b0m \\u009b2J");
  expect(find("redirect-framing")?.message).toContain("X-Frame-Options: \u009b2J, deny");
  expect(find("redirect-opener-policy")?.message).toMatch(/^The redirect page sends .{900,}…$/);
});

for (const mode of ["open-tags", "open-comments", "multiplying"] as const) {
  test(`HTML of the kind ${mode} is read once for each page`, async ({ open }) => {
    const site = await open(mode);

    const { find } = await examine(site);

    expect(find("page-loads")).toMatchObject(
      mode === "multiplying"
        ? { status: "warn", message: expect.stringContaining("50,000 elements") }
        : { status: "pass" },
    );
    expect(site.received.map(path)).toEqual(["/", WORKER, WORKER, REDIRECT]);
  });
}

test("a body without an end is read up to 1 MB, and its transfer is ended", async ({ open }) => {
  const site = await open("flood");

  const { find } = await examine(site);

  expect(find("page-loads")).toMatchObject({ status: "warn", message: expect.stringContaining("1 MB") });
  expect(find("worker-version")).toMatchObject({ status: "warn", message: expect.stringContaining("1 MB") });
  expect(site.received.map(path)).toEqual(["/", WORKER, WORKER, REDIRECT]);
  // Buffers of the operating system take some megabytes of each of the four answers.
  expect(await site.settled()).toBeLessThan(64_000_000);
});

test("a transfer is ended while the command still runs, with and without reading", async ({ open }) => {
  const site = await open("flood");
  const ask = createAsk(new Set([site.origin]));

  const read = await ask(new URL(site.origin), { reads: true });
  expect(read).toMatchObject({ status: 200, isWhole: false });
  expect(read.body).toBe("a".repeat(LIMITS.bytes));
  expect((await ask(new URL(site.origin))).body).toBe("");
  await site.settled();
});

test("a body of exactly the limit is whole", async ({ open }) => {
  const site = await open("open-tags");
  const url = new URL(site.origin);
  for (const [bytes, isWhole] of [
    [1_000_000, true],
    [999_999, false],
  ] as const) {
    const ask = createAsk(new Set([url.origin]), { ...LIMITS, bytes });
    const answer = await ask(url, { reads: true });
    expect({ bytes: answer.body.length, isWhole: answer.isWhole }).toEqual({ bytes, isWhole });
  }
});

test("of thousands of scripts in a redirect page, ten are asked for", async ({ open }) => {
  const site = await open("many-scripts");

  const { find } = await examine(site);

  expect(find("redirect-script")).toMatchObject({
    status: "warn",
    message: "The redirect page has 3001 scripts, of which doctor looked at 10.",
  });
  expect(site.received.map(path)).toEqual([
    "/",
    WORKER,
    WORKER,
    REDIRECT,
    "/bearer-redirect.js",
    ...Array.from({ length: 9 }, (_, i) => `/s${i}.js`),
  ]);
});

for (const mode of ["scripts-elsewhere", "base-elsewhere", "redirects-elsewhere"] as const) {
  test(`a site of the kind ${mode} leads doctor to no other origin, an API's included`, async ({ open }) => {
    const victim = await open("headers");
    const api = await open("headers");
    const site = await open(mode, victim.origin);
    const onApi = await open(mode, api.origin);

    const { find } = await examine(site);
    await examine(onApi, "--api", `${api.origin}/api`);

    expect(victim.received).toEqual([]);
    // The API's own checks: a request and its preflight.
    expect(api.received).toEqual(["/api", "/api"]);
    expect(site.received.map(path)).toEqual(
      mode === "redirects-elsewhere" ? ["/", WORKER, REDIRECT] : ["/", WORKER, WORKER, REDIRECT],
    );
    if (mode !== "redirects-elsewhere")
      expect(find("redirect-script")?.message).toContain("of other origins, which doctor does not ask for");
  });
}

test("redirects within the origin end", async ({ open }) => {
  const site = await open("redirects-forever");

  await examine(site);

  expect(site.received.map(path)).toEqual([
    ...Array<string>(6).fill("/"),
    WORKER,
    ...Array<string>(6).fill(REDIRECT),
  ]);
});

test("an answer that trickles is left after its time", async ({ open }) => {
  const site = await open("trickle");
  const ask = createAsk(new Set([site.origin]), { ...LIMITS, each: 200 });

  await expect(ask(new URL("/?code=secret", site.origin), { reads: true })).rejects.toThrow(Unreachable);
  await site.settled();
});

test("after the time for all answers no request is sent", async ({ open }) => {
  const site = await open("many-scripts");
  let time = 0;
  const ask = createAsk(new Set([site.origin]), LIMITS, () => time);

  await ask(new URL(site.origin));
  time = LIMITS.whole;
  await expect(ask(new URL("/?code=secret", site.origin))).rejects.toThrow(
    `${site.origin}/ was not asked: doctor ends after 60 seconds.`,
  );
  expect(site.received).toEqual(["/"]);
});

test("no more requests are sent than allowed, and none to an origin that the user did not name", async ({
  open,
}) => {
  const site = await open("many-scripts");
  const other = await open("many-scripts");
  const ask = createAsk(new Set([site.origin]), { ...LIMITS, requests: 2 });

  await expect(ask(new URL("/?code=secret", other.origin))).rejects.toThrow(
    `${other.origin}/ was not asked, because it is of another origin.`,
  );
  await ask(new URL(site.origin));
  await ask(new URL(site.origin));
  await expect(ask(new URL(site.origin))).rejects.toThrow("doctor sends 2 requests at most");
  expect(site.received).toEqual(["/", "/"]);
  expect(other.received).toEqual([]);
});
