import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test as base } from "@playwright/test";
import { sign } from "../../cli/signature.ts";
import type { CheckName, Finding } from "../../cli/checks/finding.ts";
import { type Stack, startStack } from "../../dev/start-stack.ts";
import type { Override } from "../../dev/static-host.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const WORKER = "/bearer-sw.js";
const REDIRECT = "/bearer-redirect.html";

const test = base.extend<{ stack: Stack }, { shared: Stack }>({
  shared: [
    async ({}, use) => {
      const stack = await startStack({ port: 0, roots: ["test/browser/site", "dist"] });
      await use(stack);
      await stack.close();
    },
    { scope: "worker" },
  ],
  stack: async ({ shared }, use) => {
    shared.reset();
    await use(shared);
  },
});

/** Runs the built command line while this process answers it. */
async function run(...args: string[]) {
  const child = spawn(process.execPath, [CLI, "doctor", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await exited, stdout, stderr };
}

/** The problems, all findings and the exit code. */
async function examine(stack: Stack, ...args: string[]) {
  const { status, stdout, stderr } = await run(stack.site.origin, "--json", ...args);
  expect(stderr).toBe("");
  const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: Finding[] };
  expect(ok).toBe(status === 0);
  for (const { message, fix } of findings) {
    expect(message, "a finding names its subject").toMatch(/^(?:The |http).*\.$/);
    if (fix !== null) expect(fix, "a fix is a sentence").toMatch(/^[A-Z].*\.$/);
  }
  return { status, findings, problems: findings.filter((finding) => finding.status !== "pass") };
}

const photo = (stack: Stack): string => `${stack.api.origin}/media/photo`;
const everything = (stack: Stack): string[] => [
  "--api",
  photo(stack),
  "--api",
  "/api/orders",
  "--provider",
  stack.provider.origin,
];

test("a well-configured site passes every check", async ({ stack }) => {
  const { status, problems, findings } = await examine(stack, "--strict", ...everything(stack));

  expect(problems).toEqual([]);
  expect(status).toBe(0);
  expect(new Set(findings.map(({ check }) => check)).size).toBe(29);
});

test("the doctor sends no token, and reads the page, the worker, the redirect page and the APIs", async ({
  stack,
}) => {
  await examine(stack, ...everything(stack));

  expect(stack.site.received.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["/", WORKER, REDIRECT, "/bearer-redirect.js"]),
  );
  expect(stack.api.received.map(({ path, authorization }) => ({ path, authorization }))).toEqual([
    { path: "/media/photo", authorization: "none" },
    { path: "/api/orders", authorization: "none" },
  ]);
  expect(stack.api.preflights).toHaveLength(1);
});

test("the list for people has a mark, the check's name and the fix", async ({ stack }) => {
  stack.site.override(WORKER, { headers: { "Content-Type": "text/plain" } });
  stack.site.override(REDIRECT, { headers: { "Cross-Origin-Opener-Policy": "same-origin" } });

  const { status, stdout } = await run(`${stack.site.origin}/?code=secret#secret`);

  expect(status).toBe(1);
  expect(stdout).toMatch(/^ {2}✓ The page loads\. \(page-loads\)$/m);
  expect(stdout).toMatch(
    /^ {2}✗ The worker's script is served as text\/plain, and browsers accept JavaScript only\. \(worker-mime-type\)\n {4}Fix: Serve the script with "Content-Type: text\/javascript"\.$/m,
  );
  expect(stdout).toMatch(/^ {2}! .*\(redirect-opener-policy\)\n {4}Fix: /m);
  expect(stdout).toMatch(/\n\d+ passed, 1 to look at, 1 to fix\n$/);
  expect(stdout).not.toContain("secret");
});

/** One misconfiguration of the site each: the host's answers, the finding, and a part of its fix. */
const SITE: [string, Record<string, Override>, CheckName, Finding["status"], RegExp, string[]?][] = [
  [
    "a page that is not there",
    { "/": { status: 404, body: "" } },
    "page-loads",
    "fail",
    /page that attaches/,
  ],
  [
    "a page that leads to another site",
    { "/": { status: 302, headers: { Location: "https://login.example/?code=secret" }, body: "" } },
    "page-loads",
    "fail",
    /address bar/,
  ],
  [
    "worker-src without the worker",
    csp("worker-src 'none'"),
    "page-worker-src",
    "fail",
    /'self' to worker-src/,
  ],
  [
    "script-src that the worker falls back to",
    csp("script-src https://cdn.example 'nonce-abc'"),
    "page-worker-src",
    "fail",
    /worker-src, which falls back to script-src/,
  ],
  [
    "a policy in the page's HTML",
    {
      "/": {
        body: `<!doctype html><meta content="worker-src blob:" http-equiv="content-security-policy">`,
        headers: { "Content-Type": "text/html" },
      },
    },
    "page-worker-src",
    "fail",
    /worker-src/,
  ],
  ["connect-src without the page's own origin", csp("connect-src *:9"), "page-connect-src", "fail", /'self'/],
  ["connect-src without the API", csp("connect-src 'self' IDP"), "page-connect-src", "fail", /Add API to/],
  [
    "connect-src without the provider",
    csp("connect-src 'self' API"),
    "page-connect-src",
    "fail",
    /Add IDP to/,
  ],
  [
    "frame-src without the provider",
    csp("frame-src 'self'"),
    "page-frame-src",
    "fail",
    /Add IDP to frame-src/,
  ],
  ["frame-src without the redirect page", csp("frame-src IDP"), "page-frame-src", "fail", /'self'/],
  [
    "trusted types without ours",
    csp("trusted-types other"),
    "page-trusted-types",
    "fail",
    /Add bearer-worker/,
  ],
  [
    "a page that isolates itself",
    { "/": { headers: { "Cross-Origin-Embedder-Policy": "require-corp" } } },
    "page-embedder-policy",
    "warn",
    /Remove Cross-Origin-Embedder-Policy/,
  ],
  [
    "a page that loses its popups",
    { "/": { headers: { "Cross-Origin-Opener-Policy": "same-origin" } } },
    "page-opener-policy",
    "warn",
    /same-origin-allow-popups/,
  ],
  [
    "no worker",
    { [WORKER]: { status: 404, body: "" } },
    "worker-found",
    "fail",
    /npx bearer-worker@\S+ init/,
  ],
  [
    "a worker that is redirected",
    { [WORKER]: { status: 301, headers: { Location: "/assets/bearer-sw.js?v=secret" }, body: "" } },
    "worker-found",
    "fail",
    /script itself/,
  ],
  [
    "a page in the worker's place",
    { [WORKER]: { headers: { "Content-Type": "text/html" }, body: "<!doctype html>" } },
    "worker-mime-type",
    "fail",
    /exempt it from rules/,
  ],
  [
    "a worker below the page",
    {},
    "worker-scope",
    "fail",
    /Service-Worker-Allowed: \//,
    ["--worker", "/assets/bearer-sw.js"],
  ],
  [
    "a scope above the worker",
    {},
    "worker-scope",
    "fail",
    /Service-Worker-Allowed: \//,
    ["--worker", "/assets/bearer-sw.js", "--scope", "/"],
  ],
  [
    "a worker that may not fetch the API",
    { [WORKER]: { headers: { "Content-Security-Policy": "default-src 'self'" } } },
    "worker-connect-src",
    "fail",
    /add API to connect-src/,
  ],
  [
    "a worker that is cached for a year",
    { [WORKER]: { headers: { "Cache-Control": "public, max-age=31536000, immutable" } } },
    "worker-caching",
    "warn",
    /no-cache/,
  ],
  [
    "a worker of another version",
    {
      [WORKER]: {
        body: sign("bearer-sw.js", "/* older */", "0.0.9"),
        headers: { "Content-Type": "text/javascript" },
      },
    },
    "worker-version",
    "warn",
    /init <dir>/,
  ],
  [
    "a worker of the site's own",
    { [WORKER]: { body: "self.onfetch = null;", headers: { "Content-Type": "text/javascript" } } },
    "worker-version",
    "warn",
    /bearer-worker\/sw/,
  ],
  ["no redirect page", { [REDIRECT]: { status: 404, body: "" } }, "redirect-found", "fail", /--redirect/],
  [
    "the site's page as redirect page, by its name",
    {},
    "redirect-found",
    "warn",
    /attachTokens/,
    ["--redirect", "/"],
  ],
  [
    "the site's page as redirect page, by another name",
    {},
    "redirect-found",
    "warn",
    /attachTokens/,
    ["--redirect", "/index.html"],
  ],
  [
    "the site's page in place of the redirect page",
    { [REDIRECT]: html(readFileSync(new URL("../browser/site/index.html", import.meta.url), "utf8")) },
    "redirect-found",
    "fail",
    /every path/,
  ],
  [
    "another page under the name of the redirect page",
    { [REDIRECT]: html(`<!doctype html><script src="/site.js"></script>`) },
    "redirect-script",
    "fail",
    /another name/,
  ],
  [
    "a blank redirect page",
    { "/blank.html": html("<!doctype html>") },
    "redirect-script",
    "warn",
    /With MSAL 5/,
    ["--redirect", "/blank.html"],
  ],
  [
    "a redirect page that is redirected",
    { "/short": { status: 308, headers: { Location: REDIRECT }, body: "" } },
    "redirect-found",
    "warn",
    /Use \/bearer-redirect\.html as the redirect URI/,
    ["--redirect", "/short"],
  ],
  [
    "a redirect page without script",
    { [REDIRECT]: { body: "<!doctype html><p>Hello", headers: { "Content-Type": "text/html" } } },
    "redirect-script",
    "fail",
    /init <dir>/,
  ],
  [
    "a redirect page whose script is gone",
    { "/bearer-redirect.js": { status: 404, body: "" } },
    "redirect-script",
    "fail",
    /init <dir>/,
  ],
  [
    "a redirect page whose script its policy refuses",
    { [REDIRECT]: { headers: { "Content-Security-Policy": "script-src 'self' 'strict-dynamic'" } } },
    "redirect-script",
    "fail",
    /script-src 'self'/,
  ],
  [
    "a redirect page whose inline script its policy refuses",
    {
      "/callback.html": {
        ...html(`<!doctype html><script type="module">import("/site.js")</script>`),
        headers: { "Content-Type": "text/html", "Content-Security-Policy": "script-src 'self'" },
      },
    },
    "redirect-script",
    "fail",
    /hash or its nonce in script-src/,
    ["--redirect", "/callback.html"],
  ],
  [
    "a redirect page whose HTML has a policy that refuses the script",
    {
      [REDIRECT]: html(
        `<!doctype html><meta http-equiv="Content-Security-Policy" content="script-src https://cdn.example"><script src="bearer-redirect.js"></script>`,
      ),
    },
    "redirect-script",
    "fail",
    /script-src 'self'/,
  ],
  [
    "a redirect page that must not be framed",
    { [REDIRECT]: { headers: { "X-Frame-Options": "DENY" } } },
    "redirect-framing",
    "fail",
    /SAMEORIGIN/,
  ],
  [
    "a redirect page without ancestors",
    { [REDIRECT]: { headers: { "Content-Security-Policy": "frame-ancestors 'none'" } } },
    "redirect-framing",
    "fail",
    /frame-ancestors 'self'/,
  ],
  [
    "a redirect page in a sandbox",
    { [REDIRECT]: { headers: { "Content-Security-Policy": "sandbox allow-scripts" } } },
    "redirect-framing",
    "fail",
    /without this header/,
  ],
  [
    "a redirect page with an embedder policy",
    { [REDIRECT]: { headers: { "Cross-Origin-Embedder-Policy": "require-corp" } } },
    "redirect-embedder-policy",
    "warn",
    /without Cross-Origin-Embedder-Policy/,
  ],
  [
    "a redirect page with an opener policy",
    { [REDIRECT]: { headers: { "Cross-Origin-Opener-Policy": "same-origin" } } },
    "redirect-opener-policy",
    "warn",
    /without Cross-Origin-Opener-Policy/,
  ],
  [
    "a redirect page that is cached for a day",
    { [REDIRECT]: { headers: { "Cache-Control": "max-age=86400" } } },
    "redirect-caching",
    "warn",
    /no-cache/,
  ],
];

for (const [what, overrides, check, status, fix, args = []] of SITE) {
  test(`${what} is found as ${check}`, async ({ stack }) => {
    // The same worker, in another directory.
    const worker = readFileSync(new URL("../../dist/bearer-sw.js", import.meta.url), "utf8");
    stack.site.override("/assets/bearer-sw.js", { body: worker });
    for (const [path, answer] of Object.entries(overrides)) stack.site.override(path, named(stack, answer));

    const lenient = await examine(stack, ...everything(stack), ...args);
    expect(lenient.problems).toMatchObject([{ check, status }]);
    expect(lenient.status).toBe(status === "fail" ? 1 : 0);
    const advice = lenient.problems[0]?.fix ?? "";
    expect(advice.replaceAll(stack.api.origin, "API").replaceAll(stack.provider.origin, "IDP")).toMatch(fix);
    expect(JSON.stringify(lenient.findings)).not.toContain("secret");
    if (status === "warn") expect((await examine(stack, "--strict", ...args)).status).toBe(1);
  });
}

test("a worker in another directory passes with the header that widens its scope", async ({ stack }) => {
  const worker = readFileSync(new URL("../../dist/bearer-sw.js", import.meta.url), "utf8");
  stack.site.override("/assets/bearer-sw.js", { body: worker, headers: { "Service-Worker-Allowed": "/" } });

  const { status, problems } = await examine(
    stack,
    "--strict",
    "--worker",
    "/assets/bearer-sw.js",
    "--scope",
    "/",
  );
  expect({ status, problems }).toEqual({ status: 0, problems: [] });
});

test("a policy that restricts sources is no answer as long as the provider is not named", async ({
  stack,
}) => {
  stack.site.override(
    "/",
    named(stack, { headers: { "Content-Security-Policy": "connect-src 'self' API; frame-src 'self'" } }),
  );

  const unnamed = await examine(stack, "--api", photo(stack));
  expect(unnamed).toMatchObject({
    status: 0,
    problems: [
      { check: "page-connect-src", status: "warn", fix: expect.stringContaining("--provider https://") },
      { check: "page-frame-src", status: "warn" },
    ],
  });

  const own = await examine(stack, "--api", photo(stack), "--provider", stack.site.origin);
  expect(own.problems).toEqual([]);
});

test("the site's page as redirect page is looked at for its framing and opener policy", async ({ stack }) => {
  stack.site.override("/", {
    headers: { "X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin-allow-popups" },
  });

  const { status, findings } = await examine(stack, "--redirect", "/");

  expect(status).toBe(1);
  expect(findings.filter(({ check }) => check.startsWith("redirect-"))).toMatchObject([
    { check: "redirect-found", status: "warn" },
    { check: "redirect-framing", status: "fail" },
    { check: "redirect-opener-policy", status: "warn" },
  ]);
});

test("--redirect none asks for no redirect page, and needs no source for one", async ({ stack }) => {
  stack.site.override(REDIRECT, { status: 404, body: "" });
  stack.site.override("/", named(stack, { headers: { "Content-Security-Policy": "frame-src IDP" } }));

  const { status, problems } = await examine(stack, ...everything(stack), "--redirect", "none");

  expect({ status, problems }).toEqual({ status: 0, problems: [] });
  expect(stack.site.received.map(({ path }) => path)).not.toContain(REDIRECT);
});

/** The values that browsers get for one header, by HTML's own table and rules. */
for (const [value, status] of [
  ["SAMEORIGIN, SAMEORIGIN", "pass"],
  ["SameOrigin,sameorigin", "pass"],
  ["ALLOW-FROM https://contoso.example", "pass"],
  ["ALLOWALL", "pass"],
  ["INVALID, OTHER", "pass"],
  ["deny", "fail"],
  ["DENY, DENY", "fail"],
  ["SAMEORIGIN, DENY", "fail"],
  ["SAMEORIGIN, ALLOW-FROM https://contoso.example", "fail"],
  ["ALLOWALL, INVALID", "fail"],
  ["SAMEORIGIN,", "fail"],
] as const) {
  test(`X-Frame-Options: ${value} is judged as browsers do: ${status}`, async ({ stack }) => {
    stack.site.override(REDIRECT, { headers: { "X-Frame-Options": value } });

    const { findings } = await examine(stack);

    expect(findings.find(({ check }) => check === "redirect-framing")).toMatchObject({ status });
  });
}

for (const [policy, script, status] of [
  ["default-src 'self'", "<script>HERE()</script>", "fail"],
  ["script-src 'unsafe-inline'", "<script>HERE()</script>", "pass"],
  ["script-src 'unsafe-inline' 'nonce-abc'", "<script>HERE()</script>", "fail"],
  ["script-src 'nonce-abc' 'strict-dynamic'", "<script nonce=abc>HERE()</script>", "pass"],
  ["script-src 'nonce-abc'", "<script nonce=other>HERE()</script>", "fail"],
  [
    "script-src-elem 'sha256-rDROv1j/d7PqoI9GY8g4LPjAQ4Cq0PAI3nRJoB43vm8='",
    "<script>HERE()</script>",
    "pass",
  ],
  [
    "script-src-elem 'SHA256-rDROv1j_d7PqoI9GY8g4LPjAQ4Cq0PAI3nRJoB43vm8='",
    "<script>HERE()</script>",
    "pass",
  ],
  ["script-src 'none'", `<script type="application/json">{}</script><script></script>`, "fail"],
  ["frame-src 'none'", "<script>HERE()</script>", "pass"],
] as const) {
  test(`an inline script under ${policy} is judged as browsers do: ${status}`, async ({ stack }) => {
    for (const [path, change] of [
      [
        "/in-header.html",
        { ...html(script), headers: { "Content-Type": "text/html", "Content-Security-Policy": policy } },
      ],
      ["/in-html.html", html(`<meta http-equiv=Content-Security-Policy content="${policy}">${script}`)],
    ] as const) {
      stack.site.override(path, change);
      const { findings } = await examine(stack, "--redirect", path);
      expect(findings.find(({ check }) => check === "redirect-script")).toMatchObject({ status });
    }
  });
}

test("a route that answers every path is found, though each answer has another body", async () => {
  const worker = readFileSync(new URL("../../dist/bearer-sw.js", import.meta.url), "utf8");
  let answers = 0;
  const site = await serve((request, response) => {
    const isWorker = request.url?.startsWith(WORKER);
    response
      .writeHead(200, { "Content-Type": isWorker ? "text/javascript" : "text/html" })
      .end(isWorker ? worker : `<!doctype html><script nonce=${answers++} src=/app.js?${answers}></script>`);
  });

  const copy = await run(site, "--json");
  expect(copy.status).toBe(1);
  expect(redirectFindings(copy.stdout)).toMatchObject([
    {
      check: "redirect-found",
      status: "fail",
      message: "The redirect page is the page that the server sends for names that do not exist.",
    },
  ]);

  // A page of the site may answer under any other name.
  const own = await run(site, "--redirect", "/signed-in", "--json");
  expect(own.status).toBe(0);
  expect(redirectFindings(own.stdout)).toMatchObject([
    { check: "redirect-found", status: "warn" },
    { check: "redirect-framing", status: "pass" },
    { check: "redirect-opener-policy", status: "pass" },
  ]);
});

const redirectFindings = (stdout: string): Finding[] =>
  (JSON.parse(stdout) as { findings: Finding[] }).findings.filter(({ check }) =>
    check.startsWith("redirect-"),
  );

for (const policy of [
  "default-src 'self'; connect-src 'self' API IDP; frame-src 'self' IDP",
  "script-src 'nonce-abc' 'strict-dynamic'",
  "default-src http:",
  "connect-src http://localhost:*; frame-src *; trusted-types bearer-worker; require-trusted-types-for 'script'",
]) {
  test(`a page with the policy "${policy}" passes every check`, async ({ stack }) => {
    stack.site.override("/", named(stack, { headers: { "Content-Security-Policy": policy } }));

    const { problems } = await examine(stack, ...everything(stack));
    expect(problems).toEqual([]);
  });
}

for (const [cors, check, fix] of [
  [
    "none",
    ["api-preflight", "api-allow-origin", "api-expose-challenge"],
    /Access-Control-Allow-Origin: http/,
  ],
  ["no-authorization", ["api-allow-authorization"], /Access-Control-Allow-Headers: Authorization/],
  ["no-challenge", ["api-expose-challenge"], /Access-Control-Expose-Headers: WWW-Authenticate/],
] as const) {
  test(`an API whose CORS is "${cors}" is found as ${check[0]}`, async ({ stack }) => {
    stack.api.settings.cors = cors;

    const { status, problems } = await examine(stack, "--api", `${photo(stack)}?sig=secret`);

    expect(status).toBe(1);
    expect(problems.map(({ check, status }) => ({ check, status }))).toEqual(
      check.map((name) => ({ check: name, status: "fail" })),
    );
    expect(problems[0]?.fix).toMatch(fix);
    expect(JSON.stringify(problems)).not.toContain("secret");
  });
}

test("doctor asks an API on behalf of the origin of --origin", async ({ stack }) => {
  const { problems } = await examine(stack, "--api", photo(stack), "--origin", "https://contoso.example");

  expect(problems.map(({ check }) => check)).toContain("api-preflight");
  expect(problems[0]?.fix).toContain("Access-Control-Allow-Origin: https://contoso.example");
});

/** The headers of a well-configured API. Each case changes one of them. */
const WELL = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Headers": "Authorization",
  "Access-Control-Expose-Headers": "*",
  "Access-Control-Max-Age": "600",
  "WWW-Authenticate": "Bearer",
};

const API: [
  string,
  { headers?: object; status?: number; preflight?: number },
  CheckName,
  Finding["status"],
  RegExp,
][] = [
  [
    "that allows all headers but Authorization",
    { headers: { "Access-Control-Allow-Headers": "*" } },
    "api-allow-authorization",
    "fail",
    /by name/,
  ],
  [
    "whose preflight is not cached",
    { headers: { "Access-Control-Max-Age": "0" } },
    "api-preflight-cached",
    "warn",
    /Access-Control-Max-Age: \d+/,
  ],
  ["that wants a token for OPTIONS", { preflight: 401 }, "api-preflight", "fail", /before authentication/],
  ["that knows no OPTIONS", { preflight: 405 }, "api-preflight", "fail", /204/],
  [
    "that redirects a request without a token to a sign-in page",
    { status: 302, headers: { Location: "https://login.example/?code=secret" } },
    "api-answers",
    "fail",
    /Answer 401/,
  ],
  [
    "that wants proofs and does not allow their header",
    { headers: { "WWW-Authenticate": 'Bearer, DPoP algs="ES256"' } },
    "api-allow-dpop",
    "fail",
    /Authorization, DPoP/,
  ],
  [
    "that sends a nonce and does not expose it",
    {
      headers: {
        "WWW-Authenticate": 'DPoP error="use_dpop_nonce"',
        "DPoP-Nonce": "n1",
        "Access-Control-Allow-Headers": "Authorization, DPoP",
        "Access-Control-Expose-Headers": "WWW-Authenticate, Date",
      },
    },
    "api-expose-dpop-nonce",
    "fail",
    /DPoP-Nonce/,
  ],
  [
    "that wants proofs and does not expose its time",
    {
      headers: {
        "WWW-Authenticate": "dpop",
        "Access-Control-Allow-Headers": "Authorization, DPoP",
        "Access-Control-Expose-Headers": "WWW-Authenticate, DPoP-Nonce",
      },
    },
    "api-expose-dpop-nonce",
    "warn",
    /Date/,
  ],
  ["that fails", { status: 503 }, "api-answers", "fail", /Repair/],
  ["that needs no token", { status: 200 }, "api-answers", "warn", /--api/],
];

for (const [what, { headers, status = 401, preflight = 204 }, check, severity, fix] of API) {
  test(`an API ${what} is found as ${check}`, async ({ stack }) => {
    const api = await serve((request, response) => {
      response.writeHead(request.method === "OPTIONS" ? preflight : status, { ...WELL, ...headers }).end();
    });
    const { problems, status: code } = await examine(stack, "--api", api);
    expect(problems).toMatchObject([{ check, status: severity, fix: expect.stringMatching(fix) }]);
    expect(code).toBe(severity === "fail" ? 1 : 0);
    expect(JSON.stringify(problems)).not.toContain("secret");
  });
}

test("an API that allows cookies to every origin is found as api-credentials", async ({ stack }) => {
  const api = await serve((_request, response) => {
    const headers = { ...WELL, "Access-Control-Expose-Headers": "WWW-Authenticate" };
    response.writeHead(401, { ...headers, "Access-Control-Allow-Credentials": "true" }).end();
  });
  const { problems, status } = await examine(stack, "--api", api);

  expect(status).toBe(1);
  expect(problems).toEqual(
    expect.arrayContaining([expect.objectContaining({ check: "api-credentials", status: "fail" })]),
  );
});

test("a server that refuses a configuration in the worker's query is found as worker-query", async () => {
  const worker = readFileSync(new URL("../../dist/bearer-sw.js", import.meta.url), "utf8");
  const site = await serve((request, response) => {
    const isWorker = request.url?.startsWith(WORKER);
    const refused = isWorker && request.url?.includes("?");
    response
      .writeHead(refused ? 403 : 200, { "Content-Type": isWorker ? "text/javascript" : "text/html" })
      .end(isWorker ? worker : "<!doctype html>");
  });

  const { status, stdout } = await run(site, "--json");

  expect(status).toBe(1);
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  expect(findings.find(({ check }) => check === "worker-query")).toMatchObject({
    status: "fail",
    fix: expect.stringContaining("with every query"),
  });
});

test("a site that does not answer is a finding, without its query", async ({ stack }) => {
  const gone = await serve((_request, response) => response.socket?.destroy());
  for (const [args, check] of [
    [[gone + "?code=secret"], "page-loads"],
    [[stack.site.origin, "--api", gone + "?sig=secret"], "api-answers"],
  ] as const) {
    const { status, stdout, stderr } = await run(...args, "--json");
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    expect(findings.filter(({ status }) => status === "fail")).toMatchObject([
      { check, message: expect.stringContaining("does not answer") },
    ]);
    expect(stdout).not.toContain("secret");
  }
});

test("a site over plain http is found as page-secure", async ({ stack }) => {
  const { status, stdout } = await run(insecure(stack.site.origin), "--json");

  expect(status).toBe(1);
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  expect(findings.filter(({ status }) => status !== "pass")).toMatchObject([
    { check: "page-secure", status: "fail", fix: expect.stringContaining("https") },
  ]);
});

test("an API over plain http is found as api-secure", async ({ stack }) => {
  const { status, problems } = await examine(stack, "--api", insecure(photo(stack)));

  expect(status).toBe(1);
  expect(problems).toMatchObject([{ check: "api-secure", fix: expect.stringContaining("https") }]);
});

/** The same server, at an address of this machine that browsers do not trust. */
const insecure = (url: string): string => url.replace("//localhost:", "//0.0.0.0:");

/** A server of this test's own, on a free port of `localhost`. */
const servers = new Set<ReturnType<typeof createServer>>();
async function serve(handle: RequestListener): Promise<string> {
  const server = createServer(handle);
  servers.add(server);
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}/`;
}
test.afterEach(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  servers.clear();
});

function html(body: string): Override {
  return { body, headers: { "Content-Type": "text/html" } };
}

function csp(policy: string): Record<string, Override> {
  return { "/": { headers: { "Content-Security-Policy": policy } } };
}

/** Replaces `API` and `IDP` in the answer by their origins. */
function named(stack: Stack, answer: Override): Override {
  const headers = Object.entries(answer.headers ?? {}).map(([name, value]) => [
    name,
    value.replaceAll("API", stack.api.origin).replaceAll("IDP", stack.provider.origin),
  ]);
  return { ...answer, headers: Object.fromEntries(headers) as Record<string, string> };
}
