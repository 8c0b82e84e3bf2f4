/** The origins of the site and of its identity provider. */
export interface Origins {
  readonly site: string;
  readonly issuer: string;
}

/** A way in which a page sends its requests, with or without a token. */
export interface Subject {
  /** The name in results and URLs. */
  readonly name: string;
  /** The name in the chart. */
  readonly title: string;
  /** Whether the subject's tokens come from MSAL. Every page has MSAL and a signed-in account. */
  readonly usesMsal?: boolean;
  /** Whether the subject's requests to protected resources carry a token. */
  readonly attaches: boolean;
  /**
   * Files below the subject's path, such as `sw.js`.
   *
   * @param token a valid access token
   */
  readonly files?: (token: string, origins: Origins) => Readonly<Record<string, string>>;
  /** Folder with the built files of the package that the page loads, when it is not this checkout's `dist/`. */
  readonly dist?: string;
  /**
   * The body of an async function that prepares the page. It can use `msal`, `token`, `register` and `fetch`. It may
   * return a function that the page then uses in place of `fetch`.
   */
  readonly page?: string;
  /**
   * The same for a page that makes its first request as early as it can; the body has `signedIn`, too. When left out, the page
   * awaits `signedIn` and does as above.
   */
  readonly start?: string;
}

/** Registers a worker and waits until it controls the page. */
export const REGISTER = `await register("sw.js");`;
