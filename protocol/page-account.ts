import type { PageAccount } from "./messages.ts";

/** Whether two pages use the same account, or are signed out in the same way. */
export const isSameAccount = (one: PageAccount, other: PageAccount): boolean =>
  one.type === "account"
    ? other.type === "account" && one.id === other.id
    : other.type === "signed-out" && one.mayAcquire === other.mayAcquire;
