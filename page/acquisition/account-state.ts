import type { PageAccount } from "../../protocol/page-account.ts";
import type { TokenSource } from "../token-source.ts";

type WhenSignedOut = "bare" | "sso" | "interact";

/** The account whose tokens the page uses. Every look at it notices a change. */
export class AccountState {
  readonly #source: Pick<TokenSource, "account" | "perResource">;
  readonly #whenSignedOut: WhenSignedOut;
  /** Whether the one silent sign-in of `whenSignedOut: "sso"` is still to come. */
  #isSsoUntried: boolean;
  /** The result of the last look. The identity library may not be ready before the first one. */
  #last: { readonly id: string | null } | null = null;
  #onChange: (before: string | null) => void = () => undefined;

  constructor(source: Pick<TokenSource, "account" | "perResource">, whenSignedOut: WhenSignedOut) {
    this.#source = source;
    this.#whenSignedOut = whenSignedOut;
    this.#isSsoUntried = whenSignedOut === "sso";
  }

  /** Calls back when a look finds another account than the look before, with that one's id. */
  set onChange(listener: (before: string | null) => void) {
    this.#onChange = listener;
  }

  /** The account as the worker is told it. */
  current(): PageAccount {
    const id = this.look();
    if (id !== null) return { type: "account", id, perResource: this.#source.perResource ?? false };
    return { type: "signed-out", mayAcquire: this.#isSsoUntried || this.mayAskVisitors };
  }

  /** The account's id, as the identity library names it now. */
  look(): string | null {
    const id = this.#source.account();
    const before = this.#last;
    this.#last = { id };
    if (before && before.id !== id) {
      // A user who has signed out is not signed in again by the provider's session.
      this.endSso();
      this.#onChange(before.id);
    }
    return id;
  }

  /** Whether the page still uses this account, or is still signed out. */
  isCurrent(account: PageAccount): boolean {
    return this.look() === (account.type === "account" ? account.id : null);
  }

  /** Whether visitors who never signed in are asked to. */
  get mayAskVisitors(): boolean {
    return this.#whenSignedOut === "interact";
  }

  /** Ends `whenSignedOut: "sso"`: the silent sign-in has failed, or the account has changed. */
  endSso(): void {
    this.#isSsoUntried = false;
  }
}
