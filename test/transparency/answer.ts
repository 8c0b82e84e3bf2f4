/**
 * The target of a request: the page's own origin, another port of the same site, or another site. The last two let
 * the page in by CORS as the answer says.
 */
export type Origin = "site" | "other" | "far";

/** The server's answer to a request. It travels in the request's own URL. */
export interface Answer {
  /** Default: 200. */
  readonly status?: number;
  /** Replace or add to the headers of every answer. A name may come twice. A header without a value is not sent. `{path}` stands for the request's path. */
  readonly headers?: readonly (readonly [string, string])[];
  /** Default: a short text. */
  readonly body?: string;
  /** How often the body is repeated. */
  readonly repeat?: number;
  readonly charset?: "latin1" | "utf16le";
  readonly encoding?: "gzip" | "br" | "deflate" | "broken gzip";
  /** The pages that may read the answer: the site's with cookies (default), any site's without cookies, or none. */
  readonly cors?: Cors;
  /** Whether a preflight is answered with `Access-Control-Allow-Headers: *`. */
  readonly anyHeader?: true;
  /** The origin to which the answer redirects. The resource there answers with `landing`. */
  readonly redirect?: Origin;
  readonly landing?: Answer;
  /** Milliseconds before the headers. */
  readonly delay?: number;
  /**
   * Holds the answer back until the page asks for it, or breaks it off: before the headers, or after the first half of the
   * body.
   */
  readonly pace?: "hold headers" | "hold body" | "break headers" | "break body" | "break sized body";
}

/** Resources of each kind have a path of their own, since the worker learns by path which resources have CORS. */
export type Cors = "pages" | "anyone" | "nobody";
export const CORS: readonly Cors[] = ["pages", "anyone", "nobody"];

const DEFAULT_BODY = "an answer";

export const bodyOf = ({ body = DEFAULT_BODY, repeat = 1, charset }: Answer): Buffer =>
  Buffer.from(body.repeat(repeat), charset ?? "utf8");

/** The path and query under which the server gives an answer. */
export const pathOf = (answer: Answer, id: string): string =>
  `/${answer.cors ?? "pages"}/${id}?${encodeURIComponent(JSON.stringify(answer))}`;

/** The reverse of `pathOf`; `null` for any other URL. */
export function readPath({ pathname, search }: URL): { id: string; answer: Answer } | null {
  const [, cors, id] = pathname.split("/");
  if (!id || !CORS.some((known) => known === cors)) return null;
  return { id, answer: JSON.parse(decodeURIComponent(search.slice(1))) as Answer };
}
