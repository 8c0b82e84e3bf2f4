import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect } from "./fixtures.ts";

export interface Started {
  /** Resolves with the whole output once the output contains `text`, and fails after half a minute. */
  printed: (text: string) => Promise<string>;
  /** The exit code; null after `stop`. */
  readonly ended: Promise<number | null>;
  stop: () => Promise<void>;
}

interface StartOptions {
  /** The arguments behind `npm start --`. */
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A module that Node loads first. */
  readonly preload?: string;
}

/** Runs the servers of `npm start` in a process of their own, without a build. */
export function npmStart({ args = [], env, preload }: StartOptions): Started {
  const imports = ["tsx", ...(preload ? [preload] : [])].flatMap((module) => ["--import", module]);
  const child = spawn(process.execPath, [...imports, "dev/main.ts", ...args], {
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const ended = once(child, "exit").then(([code]) => code as number | null);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on("line", (line) => lines.push(line));
  }
  return {
    ended,
    async printed(text) {
      await expect.poll(() => lines.join("\n"), { timeout: 30_000 }).toContain(text);
      return lines.join("\n");
    },
    async stop() {
      child.kill();
      await ended;
    },
  };
}
