import type { IncomingHttpHeaders } from "node:http";
import type { ReceivedRequest } from "../../dev/protected-api/received-requests.ts";

/** What one variant led to: what the API received, and what the page saw. */
export interface Observation {
  readonly received: readonly ReceivedRequest[];
  readonly seen: unknown;
}

/**
 * Says in which details two runs of the same variant differ: headers by their name, other parts of the request, and what
 * the page saw. Authorization is none of the headers that are kept.
 */
export function differences(before: Observation, after: Observation): string[] {
  const found = compare("number of requests", before.received.length, after.received.length);
  for (const [index, request] of before.received.entries()) {
    const other = after.received[index];
    if (!other) break;
    const { headers, method, path, body } = request;
    found.push(...compare("method", method, other.method), ...compare("path", path, other.path));
    found.push(
      ...compare("body", body, other.body),
      ...compareEach("", withoutLength(headers), withoutLength(other.headers)),
    );
  }
  const isDetailed = isRecord(before.seen) && isRecord(after.seen);
  found.push(
    ...(isDetailed
      ? compareEach("page's ", before.seen, after.seen)
      : compare("page's result", before.seen, after.seen)),
  );
  return [...new Set(found)];
}

/** The length of a form depends on its boundary; that of what is in it is compared with the body. */
function withoutLength({ "content-length": length, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  const isForm = headers["content-type"]?.startsWith("multipart/form-data") ?? false;
  return isForm ? headers : { ...headers, ...(length !== undefined && { "content-length": length }) };
}

function compareEach(prefix: string, left: unknown, right: unknown): string[] {
  if (!isRecord(left) || !isRecord(right)) return [];
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  return names.flatMap((name) => compare(prefix + name, left[name], right[name]));
}

/**
 * Values that are long differ from one version of a browser to the next, and so are not told. Nor are priorities: that of
 * an image depends on whether it is in sight yet.
 */
function compare(name: string, left: unknown, right: unknown): string[] {
  const [from, to] = [textOf(left), textOf(right)];
  if (from === to) return [];
  if (to === undefined) return [`${name}: lost`];
  if (from === undefined) return [`${name}: added`];
  return [
    name === "priority" || from.length + to.length > 80 ? `${name}: changed` : `${name}: ${from} → ${to}`,
  ];
}

/** Without what is another in every run: marks, ports and the boundaries of forms, whose lengths vary, too. */
function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<mark>")
    .replaceAll(/localhost:\d+/g, "localhost")
    .replace(/(?<=boundary=).+/, "<boundary>");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
