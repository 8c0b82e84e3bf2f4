import type { IncomingHttpHeaders } from "node:http";
import type { ReceivedRequest } from "../../dev/protected-api/received-requests.ts";

/** The requests that the API received for one variant, and the page's result. */
export interface Observation {
  readonly received: readonly ReceivedRequest[];
  readonly seen: unknown;
}

/**
 * Lists the details in which two runs of the same variant differ: headers by their name, other parts of the request, and
 * the page's result. The API keeps Authorization apart from the other headers.
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

/** A form's length depends on its boundary. The length of its content is compared with the body. */
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
 * Long values differ from one version of a browser to the next, so only the change is listed. The same holds for
 * priorities: an image's priority depends on whether the image is in sight yet.
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

/** The text without marks, ports and form boundaries, which differ from run to run. */
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
