import { BearerWorkerError } from "../protocol/errors.ts";
import type { TokenAttachment } from "./token-attachment.ts";

interface Attaching {
  readonly source: object;
  readonly attachment: Promise<TokenAttachment>;
  readonly stop: AbortController;
  hasFailed: boolean;
}

/** The source that this page is attached with. A page has one worker, and its calls are served by one source. */
let current: Attaching | null = null;

/**
 * Attaches a source by `attach`, unless it is attached already.
 *
 * @throws BearerWorkerError `already_attached`
 */
export function attachOnce(
  source: object,
  attach: (stop: AbortController) => Promise<TokenAttachment>,
): Promise<TokenAttachment> {
  const isAttached = current !== null && !current.hasFailed && !current.stop.signal.aborted;
  if (current && isAttached)
    return current.source === source ? current.attachment : Promise.reject(alreadyAttached());
  // An attachment whose worker was refused goes on serving an older worker. The new attachment does so from now on.
  current?.stop.abort();
  const stop = new AbortController();
  const attaching: Attaching = { source, attachment: attach(stop), stop, hasFailed: false };
  current = attaching;
  attaching.attachment.catch(() => {
    attaching.hasFailed = true;
  });
  return attaching.attachment;
}

const alreadyAttached = (): BearerWorkerError =>
  new BearerWorkerError(
    "already_attached",
    "This page is attached with another identity library or MSAL instance already. Use one instance for the whole page, or call detach() of the first attachment.",
  );
