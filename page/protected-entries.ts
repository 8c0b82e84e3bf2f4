import { BearerWorkerError } from "../protocol/errors.ts";
import {
  type ProtectedResourceMap,
  type ResourceEntry,
  resolveResourceMap,
} from "../protocol/resource-map.ts";
import { compileResourceMap } from "../protocol/resource-matcher.ts";
import type { TokenSource } from "./token-source.ts";

/**
 * The map's entries, made safe for the identity library: its own requests must never wait for a token. What a wildcard
 * could reach of the provider or of the redirect pages is taken out by entries of its own, ahead of the others.
 *
 * @throws BearerWorkerError `invalid_resource_map`
 */
export function protectedEntries(
  map: ProtectedResourceMap,
  { providerOrigins, redirectPages }: Pick<TokenSource, "providerOrigins" | "redirectPages">,
): readonly ResourceEntry[] {
  const entries = resolveResourceMap(map, document.baseURI);
  for (const { key, scopes } of entries) {
    const { origin } = new URL(key);
    if (!providerOrigins.includes(origin) || ![...scopes.values()].some(Boolean)) continue;
    throw new BearerWorkerError(
      "invalid_resource_map",
      `protectedResourceMap: ${origin} is the identity provider, which gets no tokens. Remove the key`,
    );
  }
  const pages = redirectPages.map((page) => {
    const { origin, pathname } = new URL(page, document.baseURI);
    return origin + pathname;
  });
  const reaches = compileResourceMap(
    entries.map(({ key }) => ({ key: new URL("/*", key).href, scopes: new Map([["", []]]) })),
  );
  const providers = providerOrigins
    .filter((origin) => reaches(new URL(origin), ""))
    .map((origin) => `${origin}/*`);
  return [...[...pages, ...providers].map((key) => ({ key, scopes: new Map([["", null]]) })), ...entries];
}
