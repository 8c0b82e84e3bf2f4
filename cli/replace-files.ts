import { randomBytes } from "node:crypto";
import { constants, renameSync, unlinkSync } from "node:fs";
import { copyFile, mkdir, open, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A file to write, to replace or to delete. */
export interface Change {
  readonly path: string;
  /** The new content; null deletes the file. */
  readonly content: string | null;
  /** The permissions of the file that is there; null if there is none. */
  readonly mode: number | null;
}

/** A change whose files lie ready in the same directory, where a rename is atomic. */
interface Prepared extends Change {
  readonly fresh: string;
  readonly backup: string;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Makes all changes or none. New contents are written aside and renamed, so no server delivers half a file, and a link at
 * the path is replaced rather than followed. When one change fails, the others are undone. A signal waits for the end.
 *
 * @throws Error when a change failed
 */
export async function replaceFiles(changes: readonly Change[]): Promise<void> {
  const prepared = changes.map((change): Prepared => {
    const aside = join(dirname(change.path), `.${basename(change.path)}.${randomBytes(6).toString("hex")}`);
    return { ...change, fresh: `${aside}.new`, backup: `${aside}.old` };
  });
  let kept: readonly string[] = [];
  let interrupted: NodeJS.Signals | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    interrupted = signal;
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    for (const change of prepared) {
      await prepare(change);
      if (interrupted) break;
    }
    if (!interrupted) commit(prepared);
  } catch (error) {
    if (error instanceof NotRestored) kept = error.backups;
    throw error instanceof NotRestored
      ? error
      : new Error(`${(error as Error).message}. No file was changed.`, { cause: error });
  } finally {
    const aside = prepared.flatMap(({ fresh, backup }) => [fresh, backup]);
    await Promise.all(aside.filter((path) => !kept.includes(path)).map((path) => rm(path, { force: true })));
    for (const signal of SIGNALS) process.off(signal, onSignal);
    if (interrupted) process.kill(process.pid, interrupted);
  }
}

/** Makes a folder for changes if there is none, and takes it away again when the changes fail. */
export async function replaceFilesIn(folder: string, changes: readonly Change[]): Promise<void> {
  const made = await mkdir(folder, { recursive: true });
  try {
    await replaceFiles(changes);
  } catch (error) {
    if (made) await rmdir(folder).catch(() => undefined);
    throw error;
  }
}

async function prepare({ path, content, mode, fresh, backup }: Prepared): Promise<void> {
  if (mode !== null) await copyFile(path, backup, constants.COPYFILE_EXCL);
  if (content === null) return;
  // "x" refuses a name that is taken, and follows no link.
  const file = await open(fresh, "wx");
  try {
    await file.writeFile(content);
    if (mode !== null) await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Synchronous, so that no signal comes between two files. */
function commit(prepared: readonly Prepared[]): void {
  const done: Prepared[] = [];
  try {
    for (const change of prepared) {
      if (change.content === null) unlinkSync(change.path);
      else renameSync(change.fresh, change.path);
      done.push(change);
    }
  } catch (error) {
    const backups = done.reverse().filter((change) => !restore(change));
    if (backups.length === 0) throw error;
    throw new NotRestored(
      backups.map(({ backup }) => backup),
      error,
    );
  }
}

function restore({ path, mode, backup }: Prepared): boolean {
  try {
    if (mode === null) unlinkSync(path);
    else renameSync(backup, path);
    return true;
  } catch {
    return false;
  }
}

/** A change failed, and so did undoing another. The backups stay. */
class NotRestored extends Error {
  readonly backups: readonly string[];
  constructor(backups: readonly string[], cause: unknown) {
    super(
      `${(cause as Error).message}. Files that were changed before could not be restored. Their contents are in ${backups.join(", ")}.`,
      { cause },
    );
    this.backups = backups;
  }
}
