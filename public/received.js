/** Reads the API's own log of received requests, which has no tokens. */

const LOG = `${demoConfig.apiOrigin}/_control/received`;

let reading;

/** Calls during a reading wait for the next reading, and share it. */
function readLog() {
  reading ??= new Promise((resolve) => setTimeout(resolve, 50)).then(() => {
    reading = undefined;
    return fetch(LOG).then((response) => response.json());
  });
  return reading;
}

/**
 * The newest entry for a request such as "GET /api/orders"; undefined if the request never arrived. The entry's query may
 * continue after the target's.
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

/** The text for the API's entry: its name, and the values to fill in. */
export function describe(entry) {
  if (!entry) return ["seen.nothing"];
  const { token, refusal, authorization } = entry;
  if (token)
    return ["seen.token", { name: token.name, audience: token.audience, scopes: token.scopes.join(", ") }];
  if (refusal) return ["seen.refused", { refusal }];
  return [authorization === "none" ? "seen.none" : "seen.unread"];
}
