import { createHash } from "node:crypto";

/** A policy's directives, by name, each with its sources. Of two directives with one name, the first counts. */
export type Policy = ReadonlyMap<string, readonly string[]>;

export type FetchDirective = "connect-src" | "frame-src" | "script-src" | "worker-src";

/** For each directive, the names to look up in order. The first one present decides. */
const FALLBACKS: Readonly<Record<FetchDirective, readonly string[]>> = {
  "connect-src": ["connect-src", "default-src"],
  "frame-src": ["frame-src", "child-src", "default-src"],
  "script-src": ["script-src-elem", "script-src", "default-src"],
  "worker-src": ["worker-src", "child-src", "script-src", "default-src"],
};

/** Reads a `Content-Security-Policy` field, which may hold several policies. A source must be allowed by all of them. */
export const parsePolicies = (field: string): Policy[] =>
  field
    .split(",")
    .map(parsePolicy)
    .filter((policy) => policy.size > 0);

function parsePolicy(text: string): Policy {
  const directives = new Map<string, readonly string[]>();
  for (const directive of text.split(";")) {
    const [name, ...sources] = directive.trim().split(/\s+/);
    if (name && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), sources);
  }
  return directives;
}

/**
 * The name of the directive that keeps a document or worker at `self` from loading `url`; null if no directive does.
 *
 * @param nonce the nonce of the script element, if it has one
 * @see https://w3c.github.io/webappsec-csp/#match-url-to-source-list
 */
export function refusedBy(
  policies: readonly Policy[],
  directive: FetchDirective,
  url: URL,
  self: URL,
  nonce?: string,
): string | null {
  for (const policy of policies) {
    const name = FALLBACKS[directive].find((name) => policy.has(name));
    if (name && !allows(policy.get(name) ?? [], name, directive, url, self, nonce)) return name;
  }
  return null;
}

/**
 * The name of the directive that keeps an inline script of a document from running; null if no directive does.
 *
 * @see https://w3c.github.io/webappsec-csp/#match-element-to-source-list
 */
export function inlineRefusedBy(
  policies: readonly Policy[],
  text: string,
  nonce: string | undefined,
): string | null {
  for (const policy of policies) {
    const name = FALLBACKS["script-src"].find((name) => policy.has(name));
    if (name && !allowsInline(policy.get(name) ?? [], text, nonce)) return name;
  }
  return null;
}

function allowsInline(sources: readonly string[], text: string, nonce: string | undefined): boolean {
  if (nonce && sources.includes(`'nonce-${nonce}'`)) return true;
  const hashes = hashesOf(text);
  if (sources.some((source) => hashes.includes(inBase64(source)))) return true;
  const lower = sources.map((source) => source.toLowerCase());
  // A browser that knows one of these ignores 'unsafe-inline', which is there for older ones.
  return (
    lower.includes("'unsafe-inline'") &&
    !lower.some((source) => /^'(?:nonce-|sha\d+-|strict-dynamic')/.test(source))
  );
}

const hashesOf = (text: string): string[] =>
  ["sha256", "sha384", "sha512"].map(
    (algorithm) => `'${algorithm}-${createHash(algorithm).update(text).digest("base64")}'`,
  );

/** A source that is a hash, with the letters of base64. It may be written with those of base64url. */
const inBase64 = (source: string): string =>
  source.replace(
    /^'(sha\d+)-(.*)$/i,
    (_, algorithm: string, hash: string) =>
      `'${algorithm.toLowerCase()}-${hash.replaceAll("-", "+").replaceAll("_", "/")}`,
  );

function allows(
  sources: readonly string[],
  name: string,
  directive: FetchDirective,
  url: URL,
  self: URL,
  nonce: string | undefined,
): boolean {
  const isScriptList = name.startsWith("script-src") || name === "default-src";
  if (isScriptList && (directive === "script-src" || directive === "worker-src")) {
    if (nonce && sources.includes(`'nonce-${nonce}'`)) return true;
    // 'strict-dynamic' trusts resources that a trusted script loads, such as a worker, but not those in the HTML.
    if (sources.some((source) => source.toLowerCase() === "'strict-dynamic'"))
      return directive === "worker-src";
  }
  return matchesAny(sources, url, self);
}

/** Whether one of a directive's sources matches `url`. */
export const matchesAny = (sources: readonly string[], url: URL, self: URL): boolean =>
  sources.some((source) => matches(source.toLowerCase(), source, url, self));

const HOST_SOURCE = /^(?:([a-z][a-z0-9+.-]*:)\/\/)?([^:/]+)(?::(\d+|\*))?(\/[^?#]*)?$/i;

function matches(source: string, asWritten: string, url: URL, self: URL): boolean {
  if (source === "*") return /^https?:$/.test(url.protocol) || url.protocol === self.protocol;
  if (source === "'self'") return isSameOrUpgraded(self, url);
  if (/^[a-z][a-z0-9+.-]*:$/.test(source)) return schemeCovers(source, url.protocol);

  const [, scheme, host = "", port, path] = HOST_SOURCE.exec(asWritten) ?? [];
  if (!schemeCovers(scheme?.toLowerCase() ?? self.protocol, url.protocol)) return false;
  return hostCovers(host.toLowerCase(), url.hostname) && portCovers(port, url) && pathCovers(path, url);
}

/** An http page may load the same host over https, on the default ports. */
const isSameOrUpgraded = (self: URL, url: URL): boolean =>
  url.origin === self.origin ||
  (url.hostname === self.hostname && schemeCovers(self.protocol, url.protocol) && !self.port && !url.port);

const schemeCovers = (scheme: string, protocol: string): boolean =>
  scheme === protocol || (scheme === "http:" && protocol === "https:");

const hostCovers = (pattern: string, host: string): boolean =>
  pattern === "*" || (pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : pattern === host);

function portCovers(port: string | undefined, url: URL): boolean {
  if (port === "*" || port === url.port) return true;
  const isDefault = port === undefined || port === "80" || (port === "443" && url.protocol === "https:");
  return isDefault && url.port === "";
}

function pathCovers(path: string | undefined, { pathname }: URL): boolean {
  if (path === undefined || path === "/") return true;
  return path.endsWith("/") ? pathname.startsWith(path) : pathname === path;
}
