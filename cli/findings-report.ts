import type { Finding } from "./checks/finding.ts";

const MARKS: Readonly<Record<Finding["status"], string>> = { pass: "✓", warn: "!", fail: "✗" };

/** Lists the findings for people, grouped by URL in the order of the checks: the lines to print. */
export function describe(findings: readonly Finding[]): string[] {
  const lines: string[] = [];
  let shown = "";
  for (const { check, status, url, message, fix } of findings) {
    if (url !== shown) lines.push(...(shown ? [""] : []), url);
    shown = url;
    lines.push(`  ${MARKS[status]} ${message} (${check})`);
    if (fix) lines.push(`    Fix: ${fix}`);
  }
  return [...lines, "", summary(findings)];
}

function summary(findings: readonly Finding[]): string {
  const count = (status: Finding["status"]): number =>
    findings.filter((finding) => finding.status === status).length;
  return `${count("pass")} passed, ${count("warn")} to look at, ${count("fail")} to fix`;
}
