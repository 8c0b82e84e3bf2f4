import type { BrowserContext } from "@playwright/test";

/** Collects the browser's reports about the content security policy and trusted types from now on. */
export function policyViolations(context: BrowserContext): string[] {
  const violations: string[] = [];
  context.on("console", (message) => {
    if (/Content Security Policy|Trusted/.test(message.text())) violations.push(message.text());
  });
  return violations;
}
