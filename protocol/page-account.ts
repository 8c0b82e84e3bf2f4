/** A signed-in account, as the page names it. */
export interface SignedIn {
  readonly type: "account";
  /** Opaque to the worker. */
  readonly id: string;
  /** Whether tokens for the same scopes differ from one key of the `protectedResourceMap` to the next. */
  readonly perResource: boolean;
}

/** No account is signed in. */
export interface SignedOut {
  readonly type: "signed-out";
  /** Whether a request may sign the visitor in, so that the page is to be asked for a token all the same. */
  readonly mayAcquire: boolean;
}

/** The account whose tokens a page uses. */
export type PageAccount = SignedIn | SignedOut;

/** Whether two pages use the same account, or are signed out in the same way. */
export const isSameAccount = (one: PageAccount, other: PageAccount): boolean =>
  one.type === "account"
    ? other.type === "account" && one.id === other.id
    : other.type === "signed-out" && one.mayAcquire === other.mayAcquire;

/** Whether an account has this id. */
export const isAccountWithId = (account: PageAccount, id: string): boolean =>
  account.type === "account" && account.id === id;
