import type { Answer } from "../http.ts";

/** What `doctor` was asked to look at. */
export interface Site {
  /** The page as it was served in the end. */
  readonly page: Answer;
  /** The worker's script, without the configuration in its query. */
  readonly worker: URL;
  /** The scope that the worker is registered for; null stands for the script's directory. */
  readonly scope: URL | null;
  readonly redirectPage: URL;
  readonly apis: readonly URL[];
  /** Where the identity provider is, as far as given. */
  readonly providers: readonly URL[];
}
