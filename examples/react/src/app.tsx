import { AuthenticatedTemplate, UnauthenticatedTemplate, useMsal } from "@azure/msal-react";
import { useEffect, useState } from "react";
import { fetchHealth, photoUrl } from "./api.ts";
import { Orders } from "./orders.tsx";
import { SignInBar } from "./sign-in-bar.tsx";

export function App() {
  const { instance, accounts } = useMsal();
  const user = instance.getActiveAccount() ?? accounts[0];

  return (
    <>
      <header>
        <h1>Contoso Orders</h1>
        <div className="account">
          <AuthenticatedTemplate>
            <strong>{user?.name}</strong>
            <img className="photo" src={photoUrl} alt="Your photo" />
          </AuthenticatedTemplate>
          <SignInBar />
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
