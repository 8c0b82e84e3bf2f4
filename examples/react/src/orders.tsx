import { type SubmitEvent, useEffect, useState } from "react";
import { fetchOrders, type Order, placeOrder } from "./api.ts";

export function Orders() {
  const [orders, setOrders] = useState<Order[]>([]);
  const [outcome, setOutcome] = useState("");

  useEffect(() => {
    const left = new AbortController();
    fetchOrders(left.signal).then(setOrders, (error: unknown) => {
      if (!left.signal.aborted) setOutcome(String(error));
    });
    return () => left.abort();
  }, []);

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    placeOrder(new FormData(event.currentTarget)).then(
      (user) => setOutcome(`Ordered for ${user}.`),
      (error: unknown) => setOutcome(String(error)),
    );
  };

  return (
    <>
      <table>
        <thead>
          <tr>
            <th>Customer</th>
            <th>Item</th>
            <th>Total</th>
          </tr>
        </thead>
        <tbody>
          {orders.map(({ id, customer, item, total }) => (
            <tr key={id}>
              <td>{customer}</td>
              <td>{item}</td>
              <td>{total}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <form onSubmit={submit}>
        <label htmlFor="item">New order</label>
        <input id="item" name="item" required />
        <button>Place order</button>
        <output>{outcome}</output>
      </form>
    </>
  );
}
