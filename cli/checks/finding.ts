import { shown } from "../http.ts";

/** The names are stable: a name keeps its meaning. New names may be added. */
export type CheckName =
  // The page.
  | "page-loads"
  | "page-secure"
  | "page-worker-src"
  | "page-connect-src"
  | "page-frame-src"
  | "page-trusted-types"
  | "page-embedder-policy"
  | "page-opener-policy"
  // The worker's script.
  | "worker-found"
  | "worker-mime-type"
  | "worker-query"
  | "worker-scope"
  | "worker-connect-src"
  | "worker-caching"
  | "worker-version"
  // MSAL's redirect page.
  | "redirect-found"
  | "redirect-script"
  | "redirect-framing"
  | "redirect-embedder-policy"
  | "redirect-opener-policy"
  | "redirect-caching"
  // Each API.
  | "api-secure"
  | "api-answers"
  | "api-preflight"
  | "api-allow-origin"
  | "api-allow-authorization"
  | "api-allow-dpop"
  | "api-credentials"
  | "api-expose-challenge"
  | "api-expose-dpop-nonce"
  | "api-preflight-cached";

export interface Finding {
  readonly check: CheckName;
  /** `fail` keeps requests from getting their tokens; `warn` does so sometimes, or in some browsers. */
  readonly status: "pass" | "warn" | "fail";
  /** The URL that was checked, without query and fragment. */
  readonly url: string;
  /** A sentence that names the thing and its state. */
  readonly message: string;
  /** Sentences that say how to fix it; null for `pass`. */
  readonly fix: string | null;
}

/** Servers supply parts of messages, URLs and fixes, and decide how long these are. */
const brief = (text: string): string => (text.length > 1_000 ? `${text.slice(0, 999)}…` : text);

export const pass = (check: CheckName, url: URL, message: string): Finding => ({
  check,
  status: "pass",
  url: brief(shown(url)),
  message: brief(message),
  fix: null,
});

export const fail = (check: CheckName, url: URL, message: string, fix: string): Finding => ({
  check,
  status: "fail",
  url: brief(shown(url)),
  message: brief(message),
  fix: brief(fix),
});

export const warn = (check: CheckName, url: URL, message: string, fix: string): Finding => ({
  ...fail(check, url, message, fix),
  status: "warn",
});
