/** The URL, or `null` for a text that is none. `URL.canParse` errs on non-ASCII letters in Node.js 20 once it is optimized. */
export function parseUrl(url: string | URL, base?: string): URL | null {
  try {
    return new URL(url, base);
  } catch {
    return null;
  }
}

/** Scheme, host and port, which two URLs of one origin share. Chromium encodes the stars in a host. */
export const originOf = ({ protocol, host }: Pick<URL, "protocol" | "host">): string =>
  protocol + host.replaceAll("%2A", "*");
