/** This page receives the provider's answers, in a popup or a hidden iframe, and passes them to the page that asked. */
import { users } from "./users.ts";

const { searchParams } = new URL(location.href);
const isAnswerToSignIn = searchParams.has("code") || searchParams.has("error");
await (isAnswerToSignIn ? users.signinCallback() : users.signoutCallback());
