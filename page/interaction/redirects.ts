import { BearerWorkerError } from "../../protocol/errors.ts";
import type { Environment } from "./environment.ts";

/** The item of `sessionStorage` with the scopes for which the page has left. */
const LEFT_FOR = "bearer-worker.left-for";
/** For how many milliseconds after it was loaded a page has just come back. */
const RECENT = 300_000;

/** Keeps a page from leaving for the provider again and again, where coming back has changed nothing or the user stays. */
export class Redirects {
  readonly #environment: Pick<Environment, "isClicked" | "storage">;
  /** The scopes for which the page has just left, if it has. */
  readonly #leftFor: readonly unknown[];
  /** The age at which this page tried to leave, if it has. A page that asks again is still there. */
  #triedAt: number | null = null;

  constructor(environment: Pick<Environment, "isClicked" | "storage">) {
    this.#environment = environment;
    this.#leftFor = readScopes(this.#store((storage) => storage.getItem(LEFT_FOR)) ?? "[]");
    this.stayed();
  }

  /**
   * Call it before the page leaves.
   *
   * @param age milliseconds since the page was loaded
   * @throws BearerWorkerError `interaction_failed` if the page has just come back, or has just tried to leave, and the user has
   * not clicked
   */
  leave(scopes: readonly string[], age: number): void {
    const isBack = age < RECENT && scopes.every((scope) => this.#leftFor.includes(scope));
    const isHere = this.#triedAt !== null && age < this.#triedAt + RECENT;
    if ((isBack || isHere) && !this.#environment.isClicked()) throw isBack ? justReturned() : hasStayed();
    this.#triedAt = age;
    const earlier = age < RECENT ? this.#leftFor : [];
    const leftFor = JSON.stringify([...new Set([...earlier, ...scopes])]);
    this.#store((storage) => storage.setItem(LEFT_FOR, leftFor));
  }

  /** The page has not left after all. */
  stayed(): void {
    this.#triedAt = null;
    this.#store((storage) => storage.removeItem(LEFT_FOR));
  }

  /** A browser can forbid the storage, which then remembers nothing. */
  #store<Result>(use: (storage: Environment["storage"]) => Result): Result | null {
    try {
      return use(this.#environment.storage);
    } catch {
      return null;
    }
  }
}

function readScopes(text: string): readonly unknown[] {
  try {
    const scopes: unknown = JSON.parse(text);
    return Array.isArray(scopes) ? scopes : [];
  } catch {
    return [];
  }
}

const justReturned = (): BearerWorkerError =>
  new BearerWorkerError(
    "interaction_failed",
    "The page has just come back from signing in, and a token still cannot be had. It leaves again once the user clicks.",
  );

const hasStayed = (): BearerWorkerError =>
  new BearerWorkerError(
    "interaction_failed",
    "The page has tried to leave to sign the user in, and is still there. It tries again once the user clicks.",
  );
