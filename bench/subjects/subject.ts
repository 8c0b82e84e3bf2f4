/** The origins of the site and of its identity provider. */
export interface Origins {
  readonly site: string;
  readonly issuer: string;
}

/** A way for a page's requests to gain a token, or not to. */
export interface Subject {
  /** In results and in addresses. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Whether its tokens are MSAL's. Every page has MSAL, and somebody is signed in. */
  readonly usesMsal?: boolean;
  /** Whether its requests to protected resources carry a token. */
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
   * The body of an async function that makes the page ready; `msal`, `token`, `register` and `fetch` are in reach. It
   * may return the function that the page then sends its requests with, in place of `fetch`.
   */
  readonly page?: string;
}

/** Registers a worker and waits until it controls the page. */
export const REGISTER = `await register("sw.js");`;
