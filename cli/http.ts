/** A server's answer. */
export interface Answer {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** No answer came. The message gives the reason, and omits the URL's query. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

const ANSWER_WITHIN = 15_000;
const MOST_REDIRECTS = 5;

/**
 * Sends a request and follows no redirect. Apart from the headers of `init` it sends nothing: no cookies, no token.
 *
 * @throws Unreachable
 */
export async function ask(
  url: URL,
  init: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    const { status, headers } = response;
    return { url, status, headers, body: await readBody(response) };
  } catch (error) {
    throw new Unreachable(`${shown(url)} does not answer (${reasonOf(error)}).`, { cause: error });
  }
}

/** Reads texts only. Event streams and downloads may never end. */
async function readBody(response: Response): Promise<string> {
  if (/^text\/(?!event-stream)|javascript/i.test(response.headers.get("Content-Type") ?? "text/plain"))
    return await response.text();
  await response.body?.cancel();
  return "";
}

/** The target of a redirect; null if the answer is not a redirect. */
export function redirectOf({ status, headers, url }: Answer): URL | null {
  const location = headers.get("Location");
  if (status < 300 || status > 399 || location === null) return null;
  try {
    return new URL(location, url);
  } catch {
    return null;
  }
}

/**
 * Requests a page as a browser's navigation would, and follows redirects within the origin.
 *
 * @throws Unreachable
 */
export async function askFollowing(url: URL): Promise<Answer> {
  let answer = await ask(url, { headers: { Accept: "text/html" } });
  for (let redirects = 0; redirects < MOST_REDIRECTS; redirects++) {
    const next = redirectOf(answer);
    if (next?.origin !== url.origin) break;
    answer = await ask(next, { headers: { Accept: "text/html" } });
  }
  return answer;
}

/** A URL as it may be printed: queries and fragments can hold secrets. */
export const shown = ({ origin, pathname }: URL): string => `${origin}${pathname}`;

export const isScript = ({ headers }: Answer): boolean =>
  /^(?:text|application)\/(?:x-)?(?:java|ecma)script\s*(?:;|$)/i.test(headers.get("Content-Type") ?? "");

/** The media type as it may be printed. */
export const typeOf = ({ headers }: Answer): string => headers.get("Content-Type") ?? "nothing";

/** The items of a list header, in lower case. */
export const listOf = ({ headers }: Answer, name: string): string[] =>
  (headers.get(name) ?? "").split(",").flatMap((item) => item.trim().toLowerCase() || []);

/** Whether a URL may have a service worker and receive tokens. */
export const isSecure = ({ protocol, hostname }: URL): boolean =>
  protocol === "https:" || /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);

function reasonOf(error: unknown): string {
  if ((error as Error).name === "TimeoutError") return `not within ${ANSWER_WITHIN / 1000} seconds`;
  const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
  return cause?.code ?? "network error";
}
