import { useMsal } from "@azure/msal-react";
import { useTokenAttachment } from "bearer-worker/react";

export function SignInBar() {
  const attachment = useTokenAttachment();
  const { instance, accounts } = useMsal();
  const signIn = () => void attachment?.signIn().catch(console.warn);
  if (accounts.length === 0) return <button onClick={signIn}>Sign in</button>;
  return <button onClick={() => void instance.logoutPopup()}>Sign out</button>;
}
