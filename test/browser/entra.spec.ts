import { once } from "node:events";
import { createServer, connect } from "node:net";
import { type BrowserContext, expect, type Route, test as base } from "@playwright/test";
import { type EntraSite, startEntraSite } from "../../dev/entra/entra-site.ts";
import { type EntraOptions, readEntraSettings } from "../../dev/entra/entra-settings.ts";
import { npmStart } from "./npm-start.ts";
import { policyViolations } from "./policy-violations.ts";

const TENANT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
const CLIENT = "11111111-2222-3333-4444-555555555555";
const LOGIN = "https://login.microsoftonline.com";
const USER = {
  oid: "99999999-8888-7777-6666-555555555555",
  name: "Ada Lovelace",
  preferred_username: "ada@contoso.com",
};

interface Fixtures {
  /** Serves the demo for a tenant. */
  serve: (options: EntraOptions) => Promise<EntraSite>;
  /** Requests that would have left the machine. The test answers or aborts each of them. */
  outbound: { url: URL; method: string; authorization: string | undefined }[];
}

const test = base.extend<Fixtures>({
  // The browser's own requests stay on the machine, too.
  launchOptions: [
    async ({ launchOptions }, use) => {
      const args = [
        ...(launchOptions.args ?? []),
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
      ];
      await use({ ...launchOptions, args });
    },
    { scope: "worker" },
  ],
  outbound: async ({ context }, use) => {
    const outbound: Fixtures["outbound"] = [];
    await context.route(/^https:/, async (route) => {
      const request = route.request();
      const { authorization } = await request.allHeaders();
      outbound.push({ url: new URL(request.url()), method: request.method(), authorization });
      // Chromium retries a page that did not load.
      if (request.isNavigationRequest()) await route.fulfill({ body: "Elsewhere" });
      else await route.abort();
    });
    await use(outbound);
  },
  serve: async ({}, use) => {
    const sites: EntraSite[] = [];
    await use(async (options) => {
      const settings = readEntraSettings(options);
      if (!settings) throw new Error("no tenant");
      const entra = await startEntraSite(0, settings);
      sites.push(entra);
      return entra;
    });
    for (const site of sites) await site.close();
  },
});

test("the demo asks the tenant to sign its user in, by popup and by redirect", async ({
  page,
  serve,
  outbound,
}) => {
  const entra = await serve({ tenant: TENANT, client: CLIENT });
  await page.goto(entra.site.origin);
  const popup = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await popup;
  await expect.poll(() => outbound.map(pathOf)).toContain(`${LOGIN}/${TENANT}/oauth2/v2.0/authorize`);

  await page.reload();
  await page.getByRole("button", { name: "By redirect" }).click();
  const asked = () => outbound.filter((request) => pathOf(request).endsWith("/authorize"));
  await expect.poll(() => asked().length).toBe(2);

  for (const { url } of asked()) {
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: CLIENT,
      redirect_uri: entra.redirectUri,
      response_type: "code",
      scope: "openid profile offline_access",
      code_challenge_method: "S256",
      prompt: "select_account",
    });
  }
  // MSAL knows this cloud, so it asks no other host for metadata.
  expect([...new Set(outbound.map(pathOf))]).toEqual([`${LOGIN}/${TENANT}/oauth2/v2.0/authorize`]);
});

test("a signed-in user reads Graph with a token, also in an <img>, and the token goes nowhere else", async ({
  context,
  page,
  serve,
  outbound,
}) => {
  await standInForEntra(context);
  await context.route("https://graph.microsoft.com/**", async (route) => {
    const { authorization } = await route.request().allHeaders();
    outbound.push({ url: new URL(route.request().url()), method: route.request().method(), authorization });
    const isPhoto = route.request().url().includes("/photo/");
    await route.fulfill({
      headers: { "Access-Control-Allow-Origin": "*" },
      ...(isPhoto ? { contentType: "image/svg+xml", body: PHOTO } : { json: { displayName: USER.name } }),
    });
  });
  const violations = policyViolations(context);
  const entra = await serve({ tenant: TENANT, client: CLIENT });
  await page.goto(entra.site.origin);
  await expect(page.getByText("Make trouble")).toHaveCount(0);
  await expect(page.locator("#attach-source")).toContainText(
    `"https://graph.microsoft.com/v1.0/*": ["User.Read"]`,
  );
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.locator("[data-user]").first()).toHaveText(USER.name);

  await page.getByRole("button", { name: "Send all" }).click();

  for (const name of ["read", "photo", "xhr", "web-worker"]) {
    const card = page.locator(`[data-request="${name}"]`);
    await expect(card, name).toHaveAttribute("data-status", "200");
    await expect(card, name).toContainText("with a token from");
  }
  await expect(page.locator(`[data-request="elsewhere"]`)).toContainText("the worker saw nothing");
  expect(outbound.map((request) => `${pathOf(request)} ${request.authorization}`).sort()).toEqual([
    "https://graph.microsoft.com/v1.0/me Bearer token-for-User.Read",
    "https://graph.microsoft.com/v1.0/me Bearer token-for-User.Read",
    "https://graph.microsoft.com/v1.0/me Bearer token-for-User.Read",
    "https://graph.microsoft.com/v1.0/me/photo/$value Bearer token-for-User.Read",
    // The first attempt has an image's cookies, which Graph's CORS does not allow. The second has none.
    "https://graph.microsoft.com/v1.0/me/photo/$value Bearer token-for-User.Read",
  ]);
  expect(violations).toEqual([]);
});

test("the demo of an External ID tenant maps its own API, and talks to the API and the tenant alone", async ({
  context,
  page,
  serve,
  outbound,
}) => {
  const entra = await serve({
    authority: "https://contoso.ciamlogin.com/",
    client: CLIENT,
    api: "https://api.contoso.com/orders",
    scope: ["api://orders/Data.Read"],
  });
  const violations = policyViolations(context);
  await page.goto(entra.site.origin);
  await expect(page.locator("#attach-source")).toContainText(
    `"https://api.contoso.com/*": ["api://orders/Data.Read"]`,
  );
  await page.getByRole("button", { name: "Send Read" }).click();
  await expect.poll(() => outbound.map(pathOf)).toContain("https://api.contoso.com/orders");

  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect
    .poll(() => outbound.map(({ url }) => url.host))
    .toEqual(expect.arrayContaining(["contoso.ciamlogin.com"]));

  expect(outbound.every(({ authorization }) => authorization === undefined)).toBe(true);
  expect(new Set(outbound.map(({ url }) => url.host))).toEqual(
    new Set(["api.contoso.com", "contoso.ciamlogin.com"]),
  );
  expect(violations).toEqual([]);
});

test("npm start with a tenant opens the site's port, and no port for a provider or an API", async () => {
  const port = await threeFreePorts();
  const args = ["--tenant", TENANT, "--client", CLIENT];
  const started = npmStart({ args, env: { PORT: String(port) } });
  try {
    const printed = await started.printed("Ctrl+C");

    expect(printed).toContain(`http://localhost:${port}/bearer-redirect.html`);
    expect(printed).toContain(`${LOGIN}/${TENANT}`);
    expect(printed).not.toContain("identity provider");
    expect(await Promise.all([0, 1, 2].map((offset) => isOpen(port + offset)))).toEqual([true, false, false]);
  } finally {
    await started.stop();
  }
});

test("npm start with half of a tenant says what is missing, and serves nothing", async () => {
  const port = await threeFreePorts();
  const started = npmStart({ args: ["--tenant", TENANT], env: { PORT: String(port) } });
  try {
    expect(await started.printed("docs/entra.md")).toMatch(/^--client is missing.*\n\nUsage: npm start/);
    expect(await started.ended).toBe(1);
    expect(await isOpen(port)).toBe(false);
  } finally {
    await started.stop();
  }
});

const pathOf = ({ url }: { url: URL }): string => url.origin + url.pathname;

const PHOTO = `<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48"><circle cx="24" cy="24" r="24"/></svg>`;

/** Answers on the wire as Entra does, because tests cannot reach a tenant. MSAL is the real one. */
async function standInForEntra(context: BrowserContext): Promise<void> {
  let nonce: string | null = null;
  await context.route(`${LOGIN}/${TENANT}/oauth2/v2.0/authorize*`, async (route) => {
    const { searchParams } = new URL(route.request().url());
    nonce = searchParams.get("nonce");
    const answer = new URLSearchParams({ code: "a-code", state: searchParams.get("state") ?? "" });
    const location = `${searchParams.get("redirect_uri")}#${answer.toString()}`;
    await route.fulfill({ status: 302, headers: { location } });
  });
  await context.route(`${LOGIN}/${TENANT}/oauth2/v2.0/token*`, async (route) => {
    const scopes = new URLSearchParams(route.request().postData() ?? "").get("scope")?.split(" ") ?? [];
    const resourceScopes = scopes.filter((scope) => !["openid", "profile", "offline_access"].includes(scope));
    await answerTokenRequest(route, nonce, resourceScopes);
  });
}

async function answerTokenRequest(route: Route, nonce: string | null, scopes: string[]): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    ...USER,
    tid: TENANT,
    sub: USER.oid,
    aud: CLIENT,
    iss: `${LOGIN}/${TENANT}/v2.0`,
    ver: "2.0",
  };
  const idToken = [
    { alg: "none", typ: "JWT" },
    { ...claims, nonce, iat: now, exp: now + 3600 },
  ]
    .map((part) => encode(part))
    .join(".");
  await route.fulfill({
    headers: { "Access-Control-Allow-Origin": "*" },
    json: {
      token_type: "Bearer",
      scope: ["openid", "profile", ...scopes].join(" "),
      expires_in: 3600,
      access_token: `token-for-${scopes.join("+") || "nothing"}`,
      refresh_token: "a-refresh-token",
      id_token: `${idToken}.`,
      client_info: encode({ uid: USER.oid, utid: TENANT }),
    },
  });
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");

/** Finds a port that is free, together with the two after it. */
async function threeFreePorts(): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    server.close();
    await once(server, "close");
    const taken = await Promise.all([1, 2].map((offset) => isOpen(port + offset)));
    if (!taken.includes(true) && port + 2 < 65_536) return port;
  }
  throw new Error("There are no three free ports in a row");
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const opened = await Promise.race([
    once(socket, "connect").then(() => true),
    once(socket, "error").then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return opened;
}
