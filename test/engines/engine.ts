/** A browser and its driver. */
export interface Engine {
  /** Opens a window with empty storage: no user is signed in, and there is no worker. */
  openWindow(): Promise<EngineWindow>;
  close(): Promise<void>;
}

export interface EngineWindow {
  /** Navigates and waits for the page's `load`. */
  goto(url: string): Promise<void>;
  /**
   * Calls a function in the page, and waits for its promise.
   *
   * @param script is sent as its source text: it sees the page's globals and its argument, and nothing of the test's
   * @param argument is sent as JSON
   * @returns the function's result, as JSON gives it: `null` for `undefined`
   */
  evaluate<Value, Argument>(
    script: (argument: Argument) => Value | Promise<Value>,
    argument?: Argument,
  ): Promise<Value>;
  /** Waits for an element that matches, and clicks on the first one as the user would. */
  click(selector: string): Promise<void>;
  /** Closes the tabs that the page opened. */
  closeOtherTabs(): Promise<void>;
  close(): Promise<void>;
}

/** The expression that calls a function in a page. */
export const callOf = (script: (argument: never) => unknown, argument?: unknown): string =>
  `(${script.toString()})(${JSON.stringify(argument)})`;
