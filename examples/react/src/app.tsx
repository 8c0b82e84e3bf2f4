import { AuthenticatedTemplate, UnauthenticatedTemplate, useMsal } from "@azure/msal-react";
import { useEffect, useState } from "react";
import { fetchHealth, photoUrl } from "./api.ts";
import { Orders } from "./orders.tsx";

export function App() {
  const { instance, accounts } = useMsal();
  const user = instance.getActiveAccount() ?? accounts[0];

  const signIn = async () => {
    const { account } = await instance.loginPopup({ scopes: [], overrideInteractionInProgress: true });
    instance.setActiveAccount(account);
  };

  return (
    <>
      <header>
        <h1>Contoso Orders</h1>
        <div className="account">
          <AuthenticatedTemplate>
            <strong>{user?.name}</strong>
            <img className="photo" src={photoUrl} alt="Your photo" />
            <button onClick={() => void instance.logoutPopup()}>Sign out</button>
          </AuthenticatedTemplate>
          <UnauthenticatedTemplate>
            <button onClick={() => void signIn().catch(console.warn)}>Sign in</button>
          </UnauthenticatedTemplate>
        </div>
      </header>
      <main>
        <AuthenticatedTemplate>
          <Orders key={user?.homeAccountId} />
        </AuthenticatedTemplate>
        <UnauthenticatedTemplate>
          <p>Sign in to see your orders.</p>
        </UnauthenticatedTemplate>
      </main>
      <Health />
    </>
  );
}

function Health() {
  const [status, setStatus] = useState("…");
  useEffect(() => void fetchHealth().then(setStatus), []);
  return <footer>The API is {status}.</footer>;
}
