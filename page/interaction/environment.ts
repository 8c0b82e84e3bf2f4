/** Whether the user sees this page. */
export interface Visibility {
  isVisible(): boolean;
  /** Calls `listener` after every change, until `over` aborts. */
  onChange(listener: () => void, over: AbortSignal): void;
}

/**
 * The part of the browser's locks that is needed. One page of the origin can hold a lock.
 *
 * @see https://w3c.github.io/web-locks/
 */
export type Locks = Pick<LockManager, "request">;

/** The part of `BroadcastChannel` that is needed. */
export type Channel = Pick<BroadcastChannel, "postMessage" | "close" | "onmessage">;

/** The parts of the browser that an interaction needs, apart from the dialog. Unit tests give their own. */
export interface Environment {
  /** Whether a click of the user still counts. */
  isClicked(): boolean;
  readonly visibility: Visibility;
  readonly locks: Locks;
  /** Lasts as long as the tab, over redirects. */
  readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  openChannel(name: string): Channel;
}

const documentVisibility: Visibility = {
  isVisible: () => document.visibilityState === "visible",
  onChange: (listener, signal) => document.addEventListener("visibilitychange", listener, { signal }),
};

export const browserEnvironment: Environment = {
  // Older engines do not tell.
  isClicked: () => (navigator.userActivation as UserActivation | undefined)?.isActive ?? false,
  visibility: documentVisibility,
  get locks() {
    return navigator.locks;
  },
  get storage() {
    return sessionStorage;
  },
  openChannel: (name) => new BroadcastChannel(name),
};
