import { attachTokens } from "bearer-worker";
import { oidcClientTokenSource } from "bearer-worker/oidc-client-ts";
import { fetchHealth, fetchOrders, placeOrder } from "./api.ts";
import { users } from "./users.ts";

const find = <Found extends HTMLElement>(selector: string): Found =>
  document.querySelector(selector) as Found;

async function show(): Promise<void> {
  const user = await users.getUser();
  find("#user").textContent = user?.profile.name ?? "";
  for (const part of document.querySelectorAll<HTMLElement>("[data-for]")) {
    part.hidden = (part.dataset["for"] === "user") !== Boolean(user);
  }
  if (!user) return;
  find("tbody").replaceChildren(
    ...(await fetchOrders()).map(({ customer, item, total }) => {
      const row = document.createElement("tr");
      for (const text of [customer, item, String(total)]) row.insertCell().textContent = text;
      return row;
    }),
  );
}

function on(selector: string, type: string, act: (event: Event) => Promise<void>): void {
  find(selector).addEventListener(type, (event) => void act(event).catch(console.warn));
}

on("#sign-in", "click", async () => {
  await users.signinPopup();
  await show();
});
on("#switch", "click", async () => {
  await users.signinPopup({ prompt: "select_account" });
  await show();
});
on("#sign-out", "click", async () => {
  await users.signoutPopup();
  await show();
});
on("form", "submit", async (event) => {
  event.preventDefault();
  const user = await placeOrder(new FormData(event.target as HTMLFormElement));
  find("output").textContent = `Ordered for ${user}.`;
});

await attachTokens(oidcClientTokenSource(users), {
  protectedResourceMap: {
    "/api/health": null,
    "/api/*": [
      { httpMethod: "GET", scopes: ["api://orders/Data.Read"] },
      { httpMethod: "POST", scopes: ["api://orders/Data.Write"] },
    ],
  },
});
find("#health").textContent = await fetchHealth();
await show();
