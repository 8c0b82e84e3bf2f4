/** This worker, as opposed to the one that runs after it was stopped, and to its successor. */
const worker = crypto.randomUUID();

/** The name of a lock for one request. A Web Lock dies with its holder. */
export const newRequestLock = (): string => `${worker} ${crypto.randomUUID()}`;

/** Whether this worker has sent the request of a lock. It lives, so it has not left that request unanswered. */
export const isOwnRequestLock = (lock: string): boolean => lock.startsWith(worker);
