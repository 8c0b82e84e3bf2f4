import type { BrowserContext } from "@playwright/test";

/** What the browser complains of from now on: against a content security policy, or for want of trusted types. */
export function policyViolations(context: BrowserContext): string[] {
  const violations: string[] = [];
  context.on("console", (message) => {
    if (/Content Security Policy|Trusted/.test(message.text())) violations.push(message.text());
  });
  return violations;
}
