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
  const problem = problemOfText(key) ?? (url ? problemOfUrl(url) : NOT_A_URL);
  if (url && !problem) return url;
  // A query may hold anything, so the message leaves it out, and a password with it.
  const shown = key.replace(/[?#].*/s, "").replace(/[^/\\]*:[^/\\]*@/, "");
  throw new BearerWorkerError(
    "invalid_resource_map",
    `The key "${shown}" of the option "protectedResourceMap" ${problem}`,
  );
}

const NOT_A_URL =
  'is not a URL. Write a path such as "/api/*", or a URL such as "https://api.example.com/*".';

function problemOfText(key: string): string | null {
  if (!key.trim())
    return 'is empty. Write a path such as "/api/*", or a URL such as "https://api.example.com/*".';
  if (/%(?![\da-f]{2})/i.test(key))
    return 'has a "%" that encodes no character. Write "%25" for a percent sign, as in "/api/100%25".';
  if (/^[^/?#]*\*[^/?#]*:/.test(key))
    return 'has a "*" in its scheme. Write "https:", as in "https://api.example.com/*"; a "*" may stand in the host, the path, the query and the fragment.';
  return null;
}

function problemOfUrl(url: URL): string | null {
  const origin = originOf(url);
  // https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
  if (!/^https:|^http:(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(origin))
    return 'is not an https URL. Write one such as "https://api.example.com/*"; plain http works for localhost only.';
  if (url.username || url.password)
    return 'holds a user name or a password. Write it without them, as in "https://api.example.com/*".';
  // A star must not reach hosts of strangers: https://api.example.com* fits https://api.example.community, too. In a
  // label that is not ASCII it has been encoded by the parser.
  const isTooWide =
    origin.includes("*") && (!/\.[^*.:]+\.[^*.:]+\.?(?::\d+)?$/.test(origin) || /xn--[^.]*\*/.test(origin));
  return isTooWide
    ? 'has a "*" that reaches hosts of strangers. Write a host that ends in two labels without "*", as in "https://*.example.com/*".'
    : null;
}
