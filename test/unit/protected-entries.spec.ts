import { expect, test } from "@playwright/test";
import { protectedEntries } from "../../page/protected-entries.ts";
import type { AttachOptions } from "../../page/options.ts";
import type { TokenSource } from "../../page/token-source.ts";
import type { ProtectedResourceMap } from "../../protocol/resource-map.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import { compileResourceMap } from "../../protocol/resource-matcher.ts";
import { loaded } from "./with-globals.ts";

const { readConfiguration } = await loaded(() => import("../../page/configuration.ts"));

const SITE = "https://shop.example/cart";
const PROVIDER = "https://login.example.com";

/** The scopes of a request to `url`, on a page of this map and provider. */
function scopesFor(url: string, map: ProtectedResourceMap, provider = PROVIDER): readonly string[] | null {
  const source = { providerOrigins: [provider], redirectPages: [], tokenType: undefined };
  const entries = protectedEntries(map, source, new URL("/bearer-sw.js", SITE), SITE);
  return compileResourceMap(entries)(new URL(url), "GET")?.scopes ?? null;
}

for (const provider of [
  PROVIDER,
  `${PROVIDER}/`,
  `${PROVIDER}:443`,
  "https://Login.Example.com",
  `${PROVIDER}/tenant/v2.0`,
]) {
  test(`a key on the provider is refused, and a wildcard does not reach it, when the source names it as ${provider}`, () => {
    expect(() => scopesFor(PROVIDER, { [`${PROVIDER}/api/*`]: ["read"] }, provider)).toThrow(
      /names https:\/\/login\.example\.com, which is the identity provider/,
    );
    const map = { "https://*.example.com/*": ["read"] };
    expect(scopesFor(`${PROVIDER}/token`, map, provider)).toBeNull();
    expect(scopesFor("https://api.example.com/orders", map, provider)).toEqual(["read"]);
  });
}

test("a key that leaves the provider unprotected is allowed, beside a wildcard that would reach it, too", () => {
  const map = { [`${PROVIDER}/*`]: null, "https://*.example.com/*": ["read"] };
  expect(scopesFor(`${PROVIDER}/token`, map)).toBeNull();
  expect(scopesFor("https://api.example.com/orders", map)).toEqual(["read"]);
});

test("a redirect URI of another scheme, as of an app in another app, excludes nothing", () => {
  const redirectPages = ["brk-multihub://shop.example", "msauth.example.shop://auth", "/redirect.html"];
  const source = { providerOrigins: [PROVIDER], redirectPages };
  const entries = protectedEntries({ "/*": ["read"] }, source, null, SITE);
  expect(entries.map(({ key }) => key)).toEqual([
    "https://shop.example/redirect.*",
    "https://shop.example/*",
  ]);
});

/** The code and the message of the error with which the configuration is refused. */
function refusal(options: Partial<AttachOptions>, redirectPages: readonly string[] = []): string {
  const source = { providerOrigins: [PROVIDER], redirectPages, acquireSilent: () => undefined };
  try {
    readConfiguration(
      source as unknown as TokenSource,
      { protectedResourceMap: { "/api/*": ["read"] }, ...options },
      SITE,
    );
  } catch (error) {
    return error instanceof BearerWorkerError ? `${error.code}: ${error.message}` : String(error);
  }
  return "";
}

test("a redirect page or a worker's script that is no URL is refused by the name of its option", () => {
  expect(refusal({})).toBe("");
  expect(refusal({}, ["https://"])).toContain('invalid_options: The token source\'s option "redirectPages"');
  expect(refusal({ serviceWorker: "https://" })).toContain('invalid_options: The option "serviceWorker"');
});
