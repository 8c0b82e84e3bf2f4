/** An account that can sign in. There are no passwords: the sign-in page lists the accounts. */
export interface DevAccount {
  /** The object id of the account, `oid` and `sub` in its tokens. */
  readonly id: string;
  readonly username: string;
  readonly name: string;
  /** Whether the account needs a second factor at every sign-in, regardless of the settings. */
  readonly alwaysMfa: boolean;
}

export const ACCOUNTS: readonly DevAccount[] = [
  account("5f0c1a8e-2b7d-4e36-9d51-0a4c8be1f701", "ada@contoso.example", "Ada Lovelace"),
  account("8d3b6e42-7c19-4fa5-b0e8-63d29f5a1c02", "alan@contoso.example", "Alan Turing"),
  {
    ...account("c27e9d15-41f6-4b8a-a3c4-9e70b6d85f03", "grace@contoso.example", "Grace Hopper"),
    alwaysMfa: true,
  },
];

export function accountById(id: string | undefined): DevAccount | undefined {
  return ACCOUNTS.find((account) => account.id === id);
}

/** Finds an account by its username, ignoring case. */
export function accountByUsername(username: string | undefined): DevAccount | undefined {
  return ACCOUNTS.find((account) => account.username === username?.toLowerCase());
}

function account(id: string, username: string, name: string): DevAccount {
  return { id, username, name, alwaysMfa: false };
}
