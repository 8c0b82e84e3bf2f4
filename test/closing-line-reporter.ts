import type { Reporter, Suite, TestCase } from "@playwright/test/reporter";

/** Ends the output with one line that tells how many tests passed and failed. */
export default class ClosingLineReporter implements Reporter {
  #tests: TestCase[] = [];

  onBegin(_config: unknown, suite: Suite): void {
    this.#tests = suite.allTests();
  }

  onExit(): Promise<void> {
    const passed = this.#tests.filter((test) => test.ok() && test.outcome() !== "skipped").length;
    const failed = this.#tests.filter((test) => !test.ok()).length;
    console.log(`${passed} passed, ${failed} failed`);
    return Promise.resolve();
  }

  printsToStdio(): boolean {
    return true;
  }
}
