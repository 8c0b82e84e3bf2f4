import { type EntryHeaders, readHeaders } from "./entry-headers.ts";
import { type ResourceEntry, withHeaders } from "./resource-map.ts";
import type { BoundTokenType } from "./token-type.ts";

/** The configuration that the worker needs before its first event. */
export interface WorkerConfiguration {
  readonly entries: readonly ResourceEntry[];
  /** Whether same-origin navigations to protected resources get a token, too. */
  readonly navigations: boolean;
}

/** Marks a query as ours and tells its format. */
const FORMAT = "bearer-worker";
const NAVIGATIONS = "navigations";
const BOUND: BoundTokenType = "DPoP";
/** Begins the name of a header's parameter, which follows its entry's. */
const HEADER = "~";

/**
 * The worker's script URL with its configuration in the query: a worker has to decide synchronously, on its first
 * event after a restart, and the browser keeps the URL with the registration.
 *
 * Each entry is one parameter, named by method and key, with the scopes as its value:
 * `?bearer-worker=1&POST+/api/*=api://orders/Data.Write&/api/*=api://orders/Data.Read`.
 * An empty value stands for "unprotected". Keys on the worker's own origin are written without it. The type of a bound token
 * comes first, as in `DPoP+POST+/api/*`: a method is in upper case, and passes for none. Headers of an entry follow
 * it: `&/photos/*=api://photos/Read&~x-ms-version=2025-01-05`.
 */
export function encodeWorkerUrl(script: URL, { entries, navigations }: WorkerConfiguration): URL {
  const parameters = script.search ? [script.search.slice(1)] : [];
  parameters.push(`${FORMAT}=1`);
  if (navigations) parameters.push(`${NAVIGATIONS}=1`);
  for (const { key, method, scopes, headers = [], tokenType } of entries) {
    const name = key.startsWith(`${script.origin}/`) ? key.slice(script.origin.length) : key;
    const words = [tokenType, method, name].filter(Boolean);
    parameters.push(`${escape(words.join(" "))}=${escape(scopes?.join(" ") ?? "")}`);
    for (const [header, value] of headers) parameters.push(`${escape(HEADER + header)}=${escape(value)}`);
  }
  const url = new URL(script);
  url.search = parameters.join("&");
  return url;
}

/** Reads the configuration from the worker's own URL, or `null` where there is none. */
export function decodeWorkerUrl({
  origin,
  search,
}: Pick<URL, "origin" | "search">): WorkerConfiguration | null {
  const parameters = new URLSearchParams(search);
  if (parameters.get(FORMAT) !== "1") return null;
  const entries: ResourceEntry[] = [];
  for (const [name, value] of parameters) {
    const last = entries.at(-1);
    if (last && name.startsWith(HEADER)) {
      const headers: EntryHeaders = [...(last.headers ?? []), ...readHeaders([[name.slice(1), value]])];
      entries.splice(-1, 1, { ...last, ...withHeaders(headers) });
    }
    const [key = "", ...words] = name.split(" ").reverse();
    // All other parameters belong to the site.
    if (!/^(?:\/|https?:)/.test(key)) continue;
    // The key is not resolved as a URL, since the path //api would become a host.
    entries.push({
      key: key.startsWith("/") ? origin + key : key,
      method: words.find((word) => word !== BOUND) ?? null,
      scopes: value ? value.split(" ") : null,
      ...(words.includes(BOUND) && { tokenType: BOUND }),
    });
  }
  return { entries, navigations: parameters.has(NAVIGATIONS) };
}

/** Form encoding that keeps the characters that RFC 3986 allows in a query readable. */
const escape = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll("%20", "+")
    .replace(/%(?:2F|3A|40|3F|2C|24)/g, decodeURIComponent);
