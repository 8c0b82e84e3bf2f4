import type { Reporter, Suite, TestCase } from "@playwright/test/reporter";

/**
 * Ends the output with one line that tells how many tests passed and failed. An error outside of tests, such as that of a file
 * that cannot be loaded, counts as a failure. A test that passed in its second try has passed, and a line before says so.
 */
export default class ClosingLineReporter implements Reporter {
  #tests: TestCase[] = [];
  #errors = 0;

  onBegin(_config: unknown, suite: Suite): void {
    this.#tests = suite.allTests();
  }

  onError(): void {
    this.#errors++;
  }

  onExit(): Promise<void> {
    const passed = this.#tests.filter((test) => test.ok() && test.outcome() !== "skipped").length;
    const failed = this.#tests.filter((test) => !test.ok()).length + this.#errors;
    const flaky = this.#tests.filter((test) => test.outcome() === "flaky").length;
    if (flaky > 0) console.log(`${flaky} passed in a second try only`);
    console.log(`${passed} passed, ${failed} failed`);
    return Promise.resolve();
  }

  printsToStdio(): boolean {
    return true;
  }
}
