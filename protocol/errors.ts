/**
 * Every reason that `bearer-worker` gives, as a stable string. `BearerWorkerError.code` and the `code` of `tokenfailed`
 * events share this list. docs/troubleshooting.md explains each.
 */
export type BearerWorkerErrorCode =
  // Rejections of `attachTokens`, besides `silent_timeout`. Nothing has been registered with any code above
  // `worker_not_in_control`, unless `other_worker` comes while the page waits for control.
  /** The page is attached with another source of tokens. */
  | "already_attached"
  /** An option of `attachTokens` has a wrong name, type or value. */
  | "invalid_options"
  /** The `protectedResourceMap` has a key or value that cannot mean what it says. */
  | "invalid_resource_map"
  /** The `protectedResourceMap` does not fit into the worker's URL. */
  | "resource_map_too_large"
  /** No service worker here: an old private mode, a web view, or a page that is not served from https or localhost. */
  | "service_worker_unavailable"
  /** The page lies outside the scope that the worker may control. */
  | "page_out_of_scope"
  /**
   * A worker that is not ours has the scope. As a rejection: it is left where it is. In a `tokenfailed` event: it has
   * taken control since, and the page helps itself as with `worker_bypassed`.
   */
  | "other_worker"
  /** The browser refused the worker's script: not found, wrong MIME type, redirected, or blocked by policy. */
  | "worker_registration_failed"
  /** The worker is registered, but did not take control of the page in time. */
  | "worker_not_in_control"
  // The worker does not serve this page, or not any more: in a `tokenfailed` event whose `resource` is `"*"`, or a key.
  /**
   * The browser lets requests pass by the worker, as developer tools do with "Bypass for network". Until it is reloaded, the
   * page attaches tokens to its calls of `fetch` and `XMLHttpRequest` by itself, and other requests go out bare.
   */
  | "worker_bypassed"
  /** The worker was removed while the page was open, as browsers do when they clear a site's data. The page helps itself in the same way. */
  | "worker_removed"
  /** The site's own worker in control of this page does not attach tokens. The page helps itself in the same way. */
  | "worker_without_route"
  /**
   * A listener of the site's own worker answers requests ahead of `registerTokenRoute`. The page helps itself in the same way.
   */
  | "worker_preempted"
  /**
   * Page and worker are of versions that do not understand each other. The page helps itself in the same way. If a reload
   * does not help, the worker's file is stale.
   */
  | "worker_incompatible"
  /**
   * The worker in control has the `protectedResourceMap` of another page: of another app at the same scope, of a newer version
   * of the site, or left behind by an injected script. The page helps itself in the same way.
   */
  | "worker_map_differs"
  /**
   * The site's own worker lacks keys of the page's map: one event for each. The page helps itself in the same way.
   */
  | "worker_map_incomplete"
  // Reasons why a request got no token.
  /** No account is signed in, so the request went out as the page made it. */
  | "signed_out"
  /** The user has to act. `TokenSource.acquireSilent` says so with this. */
  | "interaction_required"
  /** The user has to act, and `interaction` is `"none"`. */
  | "interaction_disabled"
  /** The user declined to sign in. */
  | "interaction_declined"
  /** The user did not act within `interactionTimeout`. */
  | "interaction_timeout"
  /** The popup, redirect or interaction function failed; `cause` has the identity library's error. */
  | "interaction_failed"
  /** The browser blocked the sign-in popup. */
  | "popup_blocked"
  /** The user closed the sign-in popup. */
  | "popup_closed"
  /** The page is leaving for the identity provider. */
  | "redirecting"
  /** The identity library failed, and the user cannot help: the provider is down, the page offline, the site misconfigured. */
  | "silent_failed"
  /** The identity library did not answer in time. */
  | "silent_timeout"
  /**
   * The identity library gave a token of another type than the `protectedResourceMap` asks for. A bearer token is never sent
   * in place of a DPoP token, nor the reverse.
   */
  | "unsupported_token_type"
  // Reasons why a resource server refused a DPoP proof.
  /**
   * The resource server wants a nonce in the proof, and the proof cannot have it: the server's CORS configuration does not
   * expose `DPoP-Nonce`, or the identity library signs without nonces.
   */
  | "dpop_nonce_missing"
  /** The resource server's clock and the device's differ by more than it allows. */
  | "dpop_clock_differs"
  /** The resource server refused the proof for another reason, such as a redirect or a proxy that changes the URL. */
  | "dpop_proof_refused";

/**
 * The one error class of the package. `message` says what happened and what to do, and ends with the section of
 * docs/troubleshooting.md that says more. It never contains a token, a query string, a fragment or an account id. `cause`
 * is the browser's or identity library's own error, where there is one.
 */
export class BearerWorkerError extends Error {
  override readonly name = "BearerWorkerError";
  readonly code: BearerWorkerErrorCode;

  constructor(code: BearerWorkerErrorCode, message: string, options?: { cause?: unknown }) {
    super(`${message}\nSee bearer-worker/docs/troubleshooting.md#${code}`, options);
    this.code = code;
  }
}
