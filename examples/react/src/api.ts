/** The site's requests: axios as it comes, without interceptors. There is no word about tokens here. */
import axios from "axios";
import { apiOrigin } from "./config.ts";

export interface Order {
  id: number;
  customer: string;
  item: string;
  total: number;
}

/** What an `<img>` shows. */
export const photoUrl = `${apiOrigin}/media/photo`;

export async function fetchOrders(signal: AbortSignal): Promise<Order[]> {
  const { data } = await axios.get<{ orders: Order[] }>("/api/orders", { signal });
  return data.orders;
}

/** @returns for whom the API took the order */
export async function placeOrder(order: FormData): Promise<string> {
  const { data } = await axios.post<{ caller: { user: string } }>("/api/orders", order);
  return data.caller.user;
}

export async function fetchHealth(): Promise<string> {
  const { data } = await axios.get<{ status: string }>("/api/health");
  return data.status;
}
