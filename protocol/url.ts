/** Not by `URL.canParse`, which in Node.js 20 errs on letters that are not ASCII once it is optimized. */
export function parseUrl(url: string | URL, base: string): URL | null {
  try {
    return new URL(url, base);
  } catch {
    return null;
  }
}

/** Scheme, host and port: what two URLs of one origin share. Chromium encodes the stars in a host. */
export const originOf = ({ protocol, host }: URL): string => protocol + host.replaceAll("%2A", "*");
