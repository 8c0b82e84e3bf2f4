/** A browser, whatever drives it. */
export interface Engine {
  /** Opens a window of its own: nothing is stored yet, nobody is signed in, there is no worker. */
  openWindow(): Promise<EngineWindow>;
  close(): Promise<void>;
}

export interface EngineWindow {
  /** Navigates and waits for the page's `load`. */
  goto(url: string): Promise<void>;
  /** Evaluates an expression in the page, waits for what it promises, and gives that as JSON would. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** Clicks, as the user would, on the first element that matches, once there is one. */
  click(selector: string): Promise<void>;
  /** Closes the tabs that the page opened. */
  closeOtherTabs(): Promise<void>;
  close(): Promise<void>;
}
