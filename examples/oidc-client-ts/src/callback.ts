/**
 * This page receives the provider's answers. An answer in a popup or a hidden iframe goes to the page that asked. After a
 * redirect the user goes back to the page that they left.
 */
import { ErrorResponse } from "oidc-client-ts";
import { users } from "./users.ts";

const { searchParams } = new URL(location.href);
const isAnswerToSignIn = searchParams.has("code") || searchParams.has("error");
await (isAnswerToSignIn ? comeBack() : users.signoutCallback());

async function comeBack(): Promise<void> {
  const answer = await users.signinCallback().catch((error: unknown) => {
    // The user has declined at the provider, and comes back, too.
    if (error instanceof ErrorResponse) return error;
    throw error;
  });
  // A popup or a hidden iframe gives none: the page that asked has the answer.
  if (!answer) return;
  const page = new URL(typeof answer.state === "string" ? answer.state : "/", location.origin);
  location.replace(page.origin === location.origin ? page : "/");
}
