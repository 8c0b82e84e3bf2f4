import type { CDPSession } from "@playwright/test";

/**
 * Evaluates an expression in a page, and waits for its promise, without the user gesture that `page.evaluate` pretends.
 *
 * @throws Error with the description of the page's own error
 */
export async function runInPage<Value>(cdp: CDPSession, expression: string): Promise<Value> {
  const { result, exceptionDetails } = await cdp.send("Runtime.evaluate", {
    expression,
    awaitPromise: true,
    returnByValue: true,
    userGesture: false,
  });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value as Value;
}

/**
 * Calls a function in a page, and waits for its promise, without the user gesture that `page.evaluate` pretends.
 *
 * @param script is sent as its source text: the function can use the page's globals, and no variable of the test
 * @param argument is sent as JSON
 * @throws Error with the description of the page's own error
 */
export const callInPage = <Value, Argument>(
  cdp: CDPSession,
  script: (argument: Argument) => Value | Promise<Value>,
  argument?: Argument,
): Promise<Value> => runInPage(cdp, `(${script.toString()})(${JSON.stringify(argument)})`);
