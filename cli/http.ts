/** A server's answer. */
export interface Answer {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  /** The text of a script or page; empty unless it was asked for. */
  readonly body: string;
  /** Whether `body` is all of the text that was asked for. */
  readonly isWhole: boolean;
}

/** No answer came. The message gives the reason, and omits the URL's query. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
  readonly fix: string;
  constructor(message: string, fix: string, options?: ErrorOptions) {
    super(message, options);
    this.fix = fix;
  }
}

/** The server decides what and how much it sends, so each of these is bounded. */
export interface Limits {
  /** The number of requests. */
  readonly requests: number;
  /** The bytes of one body that are read, after decompression. */
  readonly bytes: number;
  /** The milliseconds for one answer with its body. */
  readonly each: number;
  /** The milliseconds for all answers. */
  readonly whole: number;
}

/** Enough for a page, a worker and a redirect page with all their redirects and scripts. Each API needs two requests more. */
export const LIMITS: Limits = { requests: 24, bytes: 1_000_000, each: 15_000, whole: 60_000 };

export interface AskRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether to read the body, if it is a text. Event streams and downloads are not read. */
  readonly reads?: boolean;
}

/**
 * Sends a request and follows no redirect. Apart from the headers of `request` it sends nothing: no cookies, no token.
 *
 * @throws Unreachable
 */
export type Ask = (url: URL, request?: AskRequest) => Promise<Answer>;

/**
 * The only way to send requests.
 *
 * @param origins the origins that the user named; a server's answer cannot lead to any other
 */
export function createAsk(
  origins: ReadonlySet<string>,
  limits: Limits = LIMITS,
  now: () => number = performance.now.bind(performance),
): Ask {
  const end = now() + limits.whole;
  let left = limits.requests;
  return async (url, { reads = false, ...init } = {}) => {
    if (!origins.has(url.origin))
      throw new Unreachable(
        `${shown(url)} was not asked, because it is of another origin.`,
        `Give doctor URLs of the site's own origin.`,
      );
    const time = Math.min(limits.each, end - now());
    if (!(time > 0) || left <= 0)
      throw new Unreachable(
        `${shown(url)} was not asked: ${left <= 0 ? `doctor sends ${limits.requests} requests at most` : `doctor ends after ${limits.whole / 1000} seconds`}.`,
        "Repair what was found so far, and run doctor again.",
      );
    left -= 1;
    try {
      const response = await fetch(url, {
        ...init,
        redirect: "manual",
        signal: AbortSignal.timeout(Math.ceil(time)),
      });
      const { status, headers } = response;
      if (reads && isText(headers))
        return { url, status, headers, ...(await readText(response, limits.bytes)) };
      await response.body?.cancel();
      return { url, status, headers, body: "", isWhole: true };
    } catch (error) {
      throw new Unreachable(
        `${shown(url)} does not answer (${reasonOf(error, time)}).`,
        "Start the server, or correct the URL, the host's DNS entry or its certificate.",
        { cause: error },
      );
    }
  };
}

const isText = (headers: Headers): boolean =>
  /^text\/(?!event-stream)|javascript/i.test(headers.get("Content-Type") ?? "text/plain");

/** Reads at most `most` bytes, then ends the transfer. */
async function readText(
  { body }: Response,
  most: number,
): Promise<{ readonly body: string; readonly isWhole: boolean }> {
  if (!body) return { body: "", isWhole: true };
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let left = most; left >= 0;) {
    const { done, value } = (await reader.read()) as ReadableStreamReadResult<Uint8Array>;
    if (done) return { body: text + decoder.decode(), isWhole: true };
    text += decoder.decode(value.subarray(0, left), { stream: true });
    left -= value.length;
  }
  await reader.cancel();
  return { body: text, isWhole: false };
}

/** The target of a redirect; null if the answer is not a redirect. */
export function redirectOf({ status, headers, url }: Answer): URL | null {
  const location = headers.get("Location");
  if (status < 300 || status > 399 || location === null) return null;
  return URL.canParse(location, url) ? new URL(location, url) : null;
}

const MOST_REDIRECTS = 5;

/**
 * Requests a page as a browser's navigation would, reads it, and follows redirects within the origin.
 *
 * @throws Unreachable
 */
export async function askFollowing(ask: Ask, url: URL): Promise<Answer> {
  const request: AskRequest = { headers: { Accept: "text/html" }, reads: true };
  let answer = await ask(url, request);
  for (let redirects = 0; redirects < MOST_REDIRECTS; redirects++) {
    const next = redirectOf(answer);
    if (next?.origin !== url.origin) break;
    answer = await ask(next, request);
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

function reasonOf(error: unknown, time: number): string {
  if ((error as Error).name === "TimeoutError") return `not within ${Math.round(time / 1000)} seconds`;
  const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
  return cause?.code ?? "network error";
}
