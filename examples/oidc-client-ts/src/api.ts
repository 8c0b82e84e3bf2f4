/** The site's requests. This file handles no tokens. */
interface Order {
  customer: string;
  item: string;
  total: number;
}

export async function fetchOrders(): Promise<Order[]> {
  const { orders } = (await (await fetch("/api/orders")).json()) as { orders: Order[] };
  return orders;
}

/** @returns the user for whom the API accepted the order */
export async function placeOrder(order: FormData): Promise<string> {
  const response = await fetch("/api/orders", { method: "POST", body: order });
  const { caller } = (await response.json()) as { caller: { user: string } };
  return caller.user;
}

export async function fetchHealth(): Promise<string> {
  const { status } = (await (await fetch("/api/health")).json()) as { status: string };
  return status;
}
