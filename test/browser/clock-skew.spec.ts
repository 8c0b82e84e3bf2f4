import { setTimeout as pause } from "node:timers/promises";
import { expect, type Page, test as base } from "@playwright/test";
import { npmStart } from "./npm-start.ts";

const MINUTES = 60_000;
/** How long a token lives, in seconds. */
const LIFE = 4;

/** Where the demo's servers are. */
interface Servers {
  readonly site: string;
  readonly provider: string;
  readonly api: string;
}

/** The demo's servers in a process of their own, whose clock differs from the browser's by so many milliseconds. */
const test = base.extend<{ offBy: number; servers: Servers }>({
  offBy: [0, { option: true }],
  servers: async ({ offBy }, use) => {
    const started = npmStart({
      env: { PORT: "0", CLOCK_OFF_BY: String(offBy) },
      preload: "./test/browser/shifted-clock.mjs",
    });
    try {
      const printed = await started.printed("Ctrl+C");
      const [site = "", provider = "", api = ""] = printed.match(/http:\/\/localhost:\d+/g) ?? [];
      await use({ site, provider, api });
    } finally {
      await started.stop();
    }
  },
});

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
  test.describe(() => {
    test.use({ offBy });

    test(`servers whose clock is ten minutes ${name} get tokens that last, and renewed ones in time`, async ({
      page,
      servers,
    }) => {
      await control(servers.provider, "/settings", { accessTokenSeconds: LIFE });
      await signIn(page, servers);
      // Three lives of a token, each request at its end: renewed in time, and never sent too late. Nothing tells of a
      // token's end but the clock that is under test.
      for (let life = 0; life < 3; life++) {
        expect(await request(page)).toBe(200);
        await pause(LIFE * 1_000);
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
    });
  });
}
