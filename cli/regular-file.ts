import { constants, type Stats } from "node:fs";
import { lstat, open } from "node:fs/promises";

export interface RegularFile {
  /** The permissions. */
  readonly mode: number;
  /** The content; null if the file is larger than was asked for. */
  readonly text: string | null;
}

/** A link, a directory, a device, a pipe or a socket has the name. A link may be dangling. */
export class NotRegular extends Error {
  override readonly name = "NotRegular";
}

/**
 * Reads a file without following a link, and without waiting for the writer of a pipe.
 *
 * @param most the largest size to read, in bytes
 * @returns null if there is nothing of that name
 * @throws NotRegular, or an error of the file system
 */
export async function readRegularFile(path: string, most: number): Promise<RegularFile | null> {
  try {
    // Opening a device can have effects of its own, so the kind is looked up first.
    requireRegular(path, await lstat(path));
    const file = await open(path, constants.O_RDONLY | NO_LINK | NO_WAIT);
    try {
      const stats = await file.stat();
      requireRegular(path, stats);
      return { mode: stats.mode & 0o777, text: stats.size > most ? null : await file.readFile("utf8") };
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Windows has neither flag. */
const NO_LINK = constants.O_NOFOLLOW ?? 0;
const NO_WAIT = constants.O_NONBLOCK ?? 0;

function requireRegular(path: string, stats: Stats): void {
  if (stats.isFile()) return;
  throw new NotRegular(
    `${path} is a ${kindOf(stats)}, and bearer-worker reads and writes regular files only. No file was changed. Remove it or rename it, and run the command again.`,
  );
}

const kindOf = (stats: Stats): string =>
  stats.isSymbolicLink()
    ? "symbolic link"
    : stats.isDirectory()
      ? "directory"
      : stats.isFIFO()
        ? "pipe"
        : stats.isSocket()
          ? "socket"
          : "device";
