/** Whether the user sees this page. */
export interface Visibility {
  isVisible(): boolean;
  /** Calls `listener` after every change, until `over` aborts. */
  onChange(listener: () => void, over: AbortSignal): void;
}

/** A lock that only one page of the origin can hold. */
export interface Locks {
  /**
   * Holds the lock `name` while `work` runs, if the lock is free now.
   *
   * @returns the result of `work`; `null` when the lock was not free
   */
  tryHold<Result>(name: string, work: () => Promise<Result>): Promise<Result | null>;
  /** Resolves when the lock `name` is free. Rejects when `over` aborts. */
  whenFree(name: string, over: AbortSignal): Promise<void>;
}

/** The part of `BroadcastChannel` that is needed. */
export type Channel = Pick<BroadcastChannel, "postMessage" | "close" | "onmessage">;

/** The parts of the browser that an interaction needs, apart from the dialog. Unit tests give their own. */
export interface Environment {
  readonly visibility: Visibility;
  readonly locks: Locks;
  openChannel(name: string): Channel;
}

const documentVisibility: Visibility = {
  isVisible: () => document.visibilityState === "visible",
  onChange: (listener, signal) => document.addEventListener("visibilitychange", listener, { signal }),
};

/** @see https://w3c.github.io/web-locks/ */
const webLocks: Locks = {
  tryHold: (name, work) =>
    navigator.locks.request(name, { ifAvailable: true }, async (lock) => (lock ? await work() : null)),
  whenFree: (name, signal) => navigator.locks.request(name, { signal }, () => undefined),
};

export const browserEnvironment: Environment = {
  visibility: documentVisibility,
  locks: webLocks,
  openChannel: (name) => new BroadcastChannel(name),
};
