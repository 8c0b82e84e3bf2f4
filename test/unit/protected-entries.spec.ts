import { expect, test } from "@playwright/test";
import { protectedEntries } from "../../page/protected-entries.ts";
import type { ProtectedResourceMap } from "../../protocol/resource-map.ts";
import { compileResourceMap } from "../../protocol/resource-matcher.ts";

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
