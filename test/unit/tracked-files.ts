import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../../", import.meta.url));

/** Every file of the repository as git knows it, whether it is committed yet or not, from the root. */
export const tracked: readonly string[] = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard"],
  { cwd: repository, encoding: "utf8" },
)
  .split("\n")
  .filter((path) => path && existsSync(posix.join(repository, path)));
