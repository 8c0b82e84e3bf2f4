/** The provider's answers end on this page, in a popup or a hidden iframe, and go on to the one that asked. */
import { users } from "./users.ts";

const { searchParams } = new URL(location.href);
const isAnswerToSignIn = searchParams.has("code") || searchParams.has("error");
await (isAnswerToSignIn ? users.signinCallback() : users.signoutCallback());
