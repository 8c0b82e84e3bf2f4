import type { Answer } from "../http.ts";

/** The site that `doctor` checks. */
export interface Site {
  /** The page, after redirects. */
  readonly page: Answer;
  /** The worker's script, without the configuration in its query. */
  readonly worker: URL;
  /** The scope of the worker's registration; null stands for the script's directory. */
  readonly scope: URL | null;
  /** MSAL's redirect page; null if the site's identity library has none. */
  readonly redirectPage: URL | null;
  readonly apis: readonly URL[];
  /** The URLs of the identity provider; empty when none was given. */
  readonly providers: readonly URL[];
}
