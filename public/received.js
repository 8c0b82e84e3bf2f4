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

export function describe(entry) {
  if (!entry) return "It did not reach the API.";
  const { token, refusal, authorization } = entry;
  if (token) return `The API saw ${token.name} · ${token.audience} · ${token.scopes.join(", ")}`;
  if (refusal) return `The API refused the token: ${refusal}`;
  return authorization === "none" ? "The API saw no token." : "The API did not look at the token.";
}
