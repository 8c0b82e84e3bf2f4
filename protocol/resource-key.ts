import { BearerWorkerError } from "./errors.ts";
import { originOf, parseUrl } from "./url.ts";

/**
 * Resolves a key of a `protectedResourceMap` against the document's URL, as the browser would.
 *
 * @returns the key as a URL; `*` stands unescaped in host, path, query and fragment
 * @throws BearerWorkerError `invalid_resource_map` for a key that cannot mean what it says
 */
export function parseResourceKey(key: string, base: string): URL {
  const url = parseUrl(key, base);
  const problem = problemOfText(key) ?? (url ? problemOfUrl(url) : "not a URL");
  if (url && !problem) return url;
  // A query may hold anything, so it is not shown.
  throw new BearerWorkerError(
    "invalid_resource_map",
    `protectedResourceMap: "${key.replace(/[?#].*/s, "")}" is ${problem}. Write /api/* or https://api.example.com/*`,
  );
}

function problemOfText(key: string): string | null {
  if (!key.trim()) return "empty";
  if (/%(?![\da-f]{2})/i.test(key)) return "a bare %, not %25";
  return /^[^/?#]*\*[^/?#]*:/.test(key) ? "not plain https" : null;
}

function problemOfUrl(url: URL): string | null {
  const origin = originOf(url);
  // https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
  const isSecure = /^https:|^http:(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(origin);
  if (!isSecure || url.username || url.password) return "not plain https";
  // A star must not reach hosts of strangers: https://api.example.com* fits https://api.example.community, too. In a
  // label that is not ASCII it has been encoded by the parser.
  return origin.includes("*") &&
    (!/\.[^*.:]+\.[^*.:]+\.?(?::\d+)?$/.test(origin) || /xn--[^.]*\*/.test(origin))
    ? "too wide: two labels must follow *"
    : null;
}
