import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";

const MINUTES = 60_000;
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

interface Servers {
  readonly site: string;
  readonly provider: string;
  readonly api: string;
  readonly process: ChildProcess;
}

/** The demo's servers in a process of their own, whose clock differs from the browser's. */
async function startServers(offBy: number): Promise<Servers> {
  const servers = spawn(
    process.execPath,
    ["--import", "tsx", "--import", "./test/browser/shifted-clock.mjs", "dev/main.ts"],
    {
      cwd: ROOT,
      env: { ...process.env, PORT: "0", CLOCK_OFF_BY: `${offBy}` },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let said = "";
  for await (const data of servers.stdout.iterator({ destroyOnReturn: false })) {
    said += String(data);
    const [site, provider, api] = said.match(/http:\/\/localhost:\d+/g) ?? [];
    if (site && provider && api) return { site, provider, api, process: servers };
  }
  throw new Error(`The servers did not start: ${said}`);
}

const control = async <Value>(origin: string, path: string, body?: object): Promise<Value> => {
  const response = await fetch(`${origin}/_control${path}`, {
    method: body ? "PATCH" : "GET",
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Value;
};

/** The demo's page without its own scripts: signs in, and attaches tokens. */
async function signIn(page: Page, { site }: Servers): Promise<void> {
  await page.goto(`${site}/nowhere`);
  for (const url of ["/demo-config.js", "/bearer-page.js"]) await page.addScriptTag({ url });
  await page.evaluate(`(async () => {
    window.msal = new bearerWorker.PublicClientApplication({
      auth: { ...demoConfig.msalAuth, redirectUri: location.origin + "/bearer-redirect.html" },
      system: { tokenRenewalOffsetSeconds: 1 },
    });
    await bearerWorker.attachTokens(msal, { protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } });
  })()`);
  const popup = page.waitForEvent("popup");
  const signedIn = page.evaluate(`window.msal.loginPopup({ scopes: ["openid"] }).then(() => undefined)`);
  await (await popup).locator(`[data-account="ada@contoso.example"]`).click();
  await signedIn;
}

const request = (page: Page): Promise<number> =>
  page.evaluate(() =>
    fetch("/api/orders").then(
      ({ status }) => status,
      () => 0,
    ),
  );

for (const [name, offBy] of [
  ["ahead", 10 * MINUTES],
  ["behind", -10 * MINUTES],
] as const) {
  test(`servers whose clock is ten minutes ${name} get tokens that last, and renewed ones in time`, async ({
    page,
  }) => {
    const servers = await startServers(offBy);
    try {
      await control(servers.provider, "/settings", { accessTokenSeconds: 4 });
      await signIn(page, servers);
      // Three lives of a token, each request at its end: renewed in time, and never sent too late.
      for (let life = 0; life < 3; life++) {
        expect(await request(page)).toBe(200);
        await pause(4_000);
      }
      const received = await control<{ path: string; token: { issuedAt: number } | null; status: number }[]>(
        servers.api,
        "/received",
      );
      const orders = received.filter(({ path }) => path === "/api/orders");
      expect(orders.map(({ status }) => status)).toEqual([200, 200, 200]);
      // The clocks do differ: by the token, as the browser would read it, and by what the server says.
      const skew = (orders[0]?.token?.issuedAt ?? 0) * 1000 - Date.now();
      expect(Math.abs(skew - offBy)).toBeLessThan(MINUTES);
    } finally {
      const ended = once(servers.process, "exit");
      servers.process.kill();
      await ended;
    }
  });
}
