// The site itself: plain requests and an <img>. This script handles no tokens.
const photoUrl = `${demoConfig.apiOrigin}/media/photo`;
const byId = (id) => document.getElementById(id);

async function show() {
  const user = currentUser();
  byId("user").textContent = user ?? "";
  for (const id of ["sign-out", "photo", "orders"]) byId(id).hidden = !user;
  for (const id of ["sign-in", "welcome"]) byId(id).hidden = Boolean(user);
  if (!user) return;

  byId("photo").src = photoUrl;
  const { orders } = await (await fetch("/api/orders")).json();
  document.querySelector("tbody").replaceChildren(
    ...orders.map((order) => {
      const row = document.createElement("tr");
      for (const text of [order.customer, order.item, order.total]) row.insertCell().textContent = text;
      return row;
    }),
  );
}

async function placeOrder(event) {
  event.preventDefault();
  const output = document.querySelector("output");
  try {
    const response = await fetch("/api/orders", { method: "POST", body: new FormData(event.target) });
    const { caller } = await response.json();
    output.textContent = response.ok ? `Ordered for ${caller.user}.` : "That failed.";
  } catch {
    output.textContent = "Ordering has to wait until you are online.";
  }
}

async function start() {
  byId("sign-in").onclick = () => signIn().then(show, console.warn);
  byId("sign-out").onclick = () => signOut().then(show, console.warn);
  document.querySelector("form").onsubmit = placeOrder;
  byId("health").textContent = await fetch("/api/health")
    .then((response) => response.json())
    .then(
      ({ status }) => status,
      () => "out of reach",
    );
  // From here on requests carry tokens, and MSAL knows the signed-in user.
  await attached;
  await show();
}

start().catch(console.error);
