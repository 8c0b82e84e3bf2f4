/** The site's requests. There is no word about tokens here. */
interface Order {
  customer: string;
  item: string;
  total: number;
}

export async function fetchOrders(): Promise<Order[]> {
  const { orders } = (await (await fetch("/api/orders")).json()) as { orders: Order[] };
  return orders;
}

/** @returns for whom the API took the order */
export async function placeOrder(order: FormData): Promise<string> {
  const response = await fetch("/api/orders", { method: "POST", body: order });
  const { caller } = (await response.json()) as { caller: { user: string } };
  return caller.user;
}

export async function fetchHealth(): Promise<string> {
  const { status } = (await (await fetch("/api/health")).json()) as { status: string };
  return status;
}
