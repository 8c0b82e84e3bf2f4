import { BearerWorkerError } from "../../protocol/errors.ts";
import type { Environment } from "./environment.ts";

/** The item of `sessionStorage` with the scopes for which the page has left. */
const LEFT_FOR = "bearer-worker.left-for";
/** For how many milliseconds after it was loaded a page has just come back. */
const RECENT = 300_000;

/** Keeps a page from leaving for the provider again and again, where coming back has changed nothing. */
export class Redirects {
  readonly #environment: Pick<Environment, "isClicked" | "storage">;
  /** The scopes for which the page has just left, if it has. */
  readonly #leftFor: readonly unknown[];

  constructor(environment: Pick<Environment, "isClicked" | "storage">) {
    this.#environment = environment;
    this.#leftFor = readScopes(environment.storage.getItem(LEFT_FOR));
    environment.storage.removeItem(LEFT_FOR);
  }

  /**
   * Call it before the page leaves.
   *
   * @param age milliseconds since the page was loaded
   * @throws BearerWorkerError `interaction_failed` if the page has just come back, and the user has not clicked
   */
  leave(scopes: readonly string[], age: number): void {
    const isBack = age < RECENT && scopes.every((scope) => this.#leftFor.includes(scope));
    if (isBack && !this.#environment.isClicked()) throw justReturned();
    this.#environment.storage.setItem(LEFT_FOR, JSON.stringify(scopes));
  }
}

function readScopes(text: string | null): readonly unknown[] {
  try {
    const scopes: unknown = JSON.parse(text ?? "[]");
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
