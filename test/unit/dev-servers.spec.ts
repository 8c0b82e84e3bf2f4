import { createHash } from "node:crypto";
import { request as requestHttp, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import { text } from "node:stream/consumers";
import { expect, test as base } from "@playwright/test";
import { html, page } from "../../dev/identity-provider/page-layout.ts";
import { portOf } from "../../dev/port-setting.ts";
import { type Stack, startStack } from "../../dev/start-stack.ts";

/*
 * An error that no server of the stack catches ends the process of `npm start`. Here it ends the test's process.
 */

const test = base.extend<{ stack: Stack }, { http: Stack }>({
  http: [
    async ({}, use) => {
      const stack = await startStack({ port: 0 });
      await use(stack);
      await stack.close();
    },
    { scope: "worker" },
  ],
  stack: async ({ http }, use) => {
    http.reset();
    await use(http);
  },
});

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** Sends a request as no browser would. A broken connection rejects with its code. */
const send = (
  origin: string,
  path: string,
  { body, ...options }: RequestOptions & { body?: string } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { protocol, port } = new URL(origin);
    const request = protocol === "https:" ? requestHttps : requestHttp;
    const all = { host: "localhost", port, path, agent: false, rejectUnauthorized: false, ...options };
    request(all, (response) => {
      const { statusCode: status = 0, headers } = response;
      text(response).then((body) => resolve({ status, headers, body }), reject);
    })
      .on("error", reject)
      .end(body);
  });

const PARTS = ["site", "provider", "api"] as const;

for (const part of PARTS) {
  test(`the ${part} answers 400 to a request whose target is no URL, and goes on`, async ({ stack }) => {
    const { origin } = stack[part];
    for (const path of ["//", "///", "http://[", "http://localhost:99999/"])
      expect(await send(origin, path), path).toMatchObject({ status: 400 });
    expect((await send(origin, "/")).status).toBeLessThan(500);
  });
}

const CONTROLLED = ["provider", "api"] as const;

for (const part of CONTROLLED) {
  const reset = { method: "POST", body: "{}" };

  test(`the controls of the ${part} refuse pages of other sites, and change nothing for them`, async ({
    stack,
  }) => {
    const { origin, settings } = stack[part];
    const change = part === "provider" ? { accessTokenSeconds: 7 } : { eventIntervalMs: 7 };
    Object.assign(settings, change);
    const foreign = [
      "null",
      "https://evil.example",
      "http://localhost.evil.example",
      "http://localhost:80@evil.example",
      "http://evil.example/localhost",
      "chrome-extension://localhost",
      "",
    ];
    for (const Origin of foreign) {
      const headers = { Origin, "Content-Type": "text/plain" };
      const answer = await send(origin, "/_control/reset", { ...reset, headers });
      expect(answer, Origin).toMatchObject({ status: 403 });
      expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
      expect(await send(origin, "/_control/reset", { method: "OPTIONS", headers })).toMatchObject({
        status: 403,
      });
    }
    expect(settings).toMatchObject(change);
  });

  test(`the controls of the ${part} refuse requests for a host that only leads to this machine`, async ({
    stack,
  }) => {
    const { origin, settings } = stack[part];
    const { port } = new URL(origin);
    const change = part === "provider" ? { accessTokenSeconds: 7 } : { eventIntervalMs: 7 };
    Object.assign(settings, change);
    for (const host of ["evil.example", "localhost.evil.example", "localhost@evil.example", "["]) {
      const headers = { Host: `${host}:${port}` };
      expect(await send(origin, "/_control/reset", { ...reset, headers }), host).toMatchObject({
        status: 403,
      });
      expect(await send(origin, "/_control/settings", { headers }), host).toMatchObject({ status: 403 });
    }
    expect(settings).toMatchObject(change);
  });

  test(`the controls of the ${part} serve pages of localhost, and programs`, async ({ stack }) => {
    const { origin } = stack[part];
    for (const Origin of [stack.site.origin, "http://localhost", "https://localhost:1"]) {
      const answer = await send(origin, "/_control/reset", { ...reset, headers: { Origin } });
      expect(answer).toMatchObject({ status: 200 });
      expect(answer.headers).toMatchObject({ "access-control-allow-origin": Origin });
    }
    const { port } = new URL(origin);
    for (const Host of [`127.0.0.1:${port}`, `[::1]:${port}`, "localhost"])
      expect(await send(origin, "/_control/settings", { headers: { Host } })).toMatchObject({ status: 200 });
    expect(await send(origin, "/_control/settings")).toMatchObject({ status: 200 });
  });

  test(`the controls of the ${part} answer 400 to input that they cannot read`, async ({ stack }) => {
    const { origin } = stack[part];
    for (const body of ["[", "1", '{"noSuchSetting":1}'])
      expect(await send(origin, "/_control/settings", { method: "PATCH", body })).toMatchObject({
        status: 400,
      });
    expect(await send(origin, "/_control/nothing")).toMatchObject({ status: 404 });
  });
}

/** The path of the provider's metadata. */
const metadataOf = ({ provider }: Stack): string =>
  `${new URL(provider.issuer).pathname}/.well-known/openid-configuration`;

for (const isHttps of [false, true]) {
  const scheme = isHttps ? "https" : "http";
  test(`a stopped provider breaks its ${scheme} connections, and answers once it is started`, async () => {
    const stack = await startStack({ port: 0, isHttps });
    try {
      const { provider } = stack;
      const path = metadataOf(stack);
      provider.stop();
      await expect(send(provider.origin, path)).rejects.toMatchObject({ code: "ECONNRESET" });
      provider.start();
      const { body } = await send(provider.origin, path);

      provider.fault("token", "reset");
      const { token_endpoint: token } = JSON.parse(body) as { token_endpoint: string };
      const asked = send(provider.origin, new URL(token).pathname, { method: "POST" });
      await expect(asked).rejects.toMatchObject({ code: "ECONNRESET" });
      expect(await send(provider.origin, path)).toMatchObject({ status: 200 });
    } finally {
      await stack.close();
    }
  });
}

/** The sources that a policy allows, by directive. */
const directives = (policy: unknown): Record<string, string> =>
  Object.fromEntries(
    String(policy)
      .split("; ")
      .map((directive) => [directive.split(" ", 1)[0], directive.slice(directive.indexOf(" ") + 1)]),
  );

for (const script of [undefined, "document.forms[0].submit()"]) {
  test(`a page of the provider ${script ? "runs its own script alone" : "runs no script"}, and loads nothing`, () => {
    const { html: text, policy } = page("A page", html`<p>content</p>`, script);
    const hash = (name: string): string => {
      const content = new RegExp(`<${name}>([^]*?)</${name}>`).exec(text)?.[1] ?? "";
      return `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
    };

    expect(directives(policy)).toEqual({
      "default-src": "'none'",
      "base-uri": "'none'",
      "img-src": "data:",
      "style-src": hash("style"),
      "script-src": script ? hash("script") : "'none'",
    });
  });
}

test("the provider sends its pages with their policy", async ({ stack: { provider } }) => {
  const { body, headers } = await send(provider.origin, new URL(provider.authorizationUrl).pathname);

  expect(body).toContain("That did not work");
  expect(directives(headers["content-security-policy"])).toMatchObject({
    "default-src": "'none'",
    "script-src": "'none'",
  });
});

test("PORT takes a number that leaves room for three ports, and an error names it", () => {
  expect(portOf({})).toBe(4280);
  for (const port of [0, 1, 8080, 65_533]) expect(portOf({ PORT: String(port) })).toBe(port);
  for (const PORT of ["", " ", "abc", "-1", "1.5", "1e3", "0x10", "65534", "65535", "99999"])
    expect(() => portOf({ PORT }), PORT).toThrow(`PORT is "${PORT}".`);
});
