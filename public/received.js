/** What the API itself says it received: its log, without tokens. */

const LOG = `${demoConfig.apiOrigin}/_control/received`;

let reading;

/** Whoever asks while the log is being read waits for the next reading, and shares it. */
function readLog() {
  reading ??= new Promise((resolve) => setTimeout(resolve, 50)).then(() => {
    reading = undefined;
    return fetch(LOG).then((response) => response.json());
  });
  return reading;
}

/**
 * The newest entry for a request such as "GET /api/orders", or undefined when it never got there. The query only has to
 * begin as the target's does.
 */
export async function received(target, since) {
  const [method, address] = target.split(" ");
  const { pathname, search } = new URL(address, location.href);
  const log = await readLog();
  return log.findLast(
    (entry) =>
      entry.at >= since &&
      entry.method === method &&
      entry.path === pathname &&
      matchesQuery(entry.query, search.slice(1)),
  );
}

const matchesQuery = (query, start) => (start ? query.startsWith(start) : query === "");

/** What the API saw: the name of a text, and what is filled into it. */
export function describe(entry) {
  if (!entry) return ["seen.nothing"];
  const { token, refusal, authorization } = entry;
  if (token)
    return ["seen.token", { name: token.name, audience: token.audience, scopes: token.scopes.join(", ") }];
  if (refusal) return ["seen.refused", { refusal }];
  return [authorization === "none" ? "seen.none" : "seen.unread"];
}
