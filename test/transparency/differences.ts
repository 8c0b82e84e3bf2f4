import type { Observation } from "./observe-variants.ts";
import type { RecordedRequest } from "./recording-server.ts";

/** Longer values are listed as changed, without the values. */
const SHORT = 60;

/**
 * Lists the details in which two runs of the same variant differ: each detail by its name, with both values. If one run has
 * more requests, its last requests are compared.
 */
export function differences(before: Observation, after: Observation): string[] {
  const found = compare("server: requests", before.received.length, after.received.length);
  const common = Math.min(before.received.length, after.received.length);
  for (let i = 1; i <= common; i++) {
    const [left, right] = [before.received.at(-i), after.received.at(-i)];
    if (left && right)
      found.push(...compareEach("server", detailsOf(left), detailsOf(right)), ...compareCases(left, right));
  }
  found.push(...compareEach("page", before.seen, after.seen));
  return [...new Set(found)].sort();
}

function detailsOf(request: RecordedRequest): Record<string, unknown> {
  const { origin, method, url, body, outcome, headers } = request;
  const named: Record<string, string> = {};
  for (const [name, value] of headers) {
    const key = `header ${name.toLowerCase()}`;
    named[key] = key in named ? `${named[key]} | ${value}` : value;
  }
  return { origin, method, url, body, outcome, ...withoutBoundary(named) };
}

/** HTTP ignores the case of a header's name, but a server may not. */
function compareCases(left: RecordedRequest, right: RecordedRequest): string[] {
  const names = new Map(right.headers.map(([name]) => [name.toLowerCase(), name]));
  return left.headers.flatMap(([name]) =>
    compare("server: name of a header", name, names.get(name.toLowerCase()) ?? name),
  );
}

/** A form's boundary differs from run to run, in the same length. */
function withoutBoundary(headers: Record<string, string>): Record<string, string> {
  const type = headers["header content-type"];
  return type ? { ...headers, "header content-type": type.replace(/boundary=.+/, "boundary") } : headers;
}

function compareEach(
  prefix: string,
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
): string[] {
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((name) =>
    compare(`${prefix}: ${name}`, left[name], right[name]),
  );
}

function compare(name: string, left: unknown, right: unknown): string[] {
  const [from, to] = [textOf(left), textOf(right)];
  if (from === to) return [];
  if (to === "none") return [`${name} lost`];
  if (from === "none" && to.length > SHORT) return [`${name} added`];
  return [from.length + to.length > SHORT ? `${name} changed` : `${name} ${from} → ${to}`];
}

const textOf = (value: unknown): string =>
  value === undefined ? "none" : JSON.stringify(value).replace(/^"|"$/g, "") || "empty";
