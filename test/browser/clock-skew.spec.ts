import { setTimeout as pause } from "node:timers/promises";
import { expect, type Page, test as base } from "@playwright/test";
import { npmStart } from "./npm-start.ts";

const MINUTES = 60_000;
/** The lifetime of a token, in seconds. */
const LIFE = 4;

/** The origins of the demo's servers. */
interface Servers {
  readonly site: string;
  readonly provider: string;
  readonly api: string;
}

/** Runs the demo's servers in a process whose clock is `offBy` milliseconds ahead of the browser's. */
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

/** Signs in and attaches tokens, in a page of the demo's origin without the demo's scripts. */
async function signIn(page: Page, { site }: Servers): Promise<void> {
  await page.goto(`${site}/nowhere`);
  for (const url of ["/demo-config.js", "/bearer-page.js"]) await page.addScriptTag({ url });
  await page.evaluate(async () => {
    window.msal = new bearerWorker.PublicClientApplication({
      auth: { ...demoConfig.msalAuth, redirectUri: `${location.origin}/bearer-redirect.html` },
      system: { tokenRenewalOffsetSeconds: 1 },
    });
    await bearerWorker.attachTokens(window.msal, {
      protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
    });
  });
  const popup = page.waitForEvent("popup");
  const signedIn = page.evaluate(() => window.msal.loginPopup({ scopes: ["openid"] }).then(() => undefined));
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

    test(`Servers whose clock is ten minutes ${name} get tokens that are valid, and renewed in time`, async ({
      page,
      servers,
    }) => {
      await control(servers.provider, "/settings", { accessTokenSeconds: LIFE });
      await signIn(page, servers);
      // Two lifetimes of a token, with a request at each end. A pause by the clock: only the clock, which is under test,
      // tells that a token has expired.
      for (let life = 0; life < 3; life++) {
        if (life > 0) await pause(LIFE * 1_000);
        expect(await request(page)).toBe(200);
      }
      const received = await control<{ path: string; token: { issuedAt: number } | null; status: number }[]>(
        servers.api,
        "/received",
      );
      const orders = received.filter(({ path }) => path === "/api/orders");
      expect(orders.map(({ status }) => status)).toEqual([200, 200, 200]);
      // The clocks do differ, by the token's time of issue.
      const skew = (orders[0]?.token?.issuedAt ?? 0) * 1000 - Date.now();
      expect(Math.abs(skew - offBy)).toBeLessThan(MINUTES);
    });
  });
}
