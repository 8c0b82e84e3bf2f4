import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { test } from "@playwright/test";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** Runs the built command line in the test's directory, while this process can answer it. */
export async function runCli(...args: string[]) {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: test.info().outputPath(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await exited, stdout, stderr };
}

/** A character of C0, DEL or C1 (Unicode's category Cc), but for the line break that ends a line. */
export const CONTROLS = /[^\P{Cc}\n]/u;
