/** The site's requests: axios without interceptors. This file handles no tokens. */
import axios from "axios";
import { apiOrigin } from "./config.ts";

export interface Order {
  id: number;
  customer: string;
  item: string;
  total: number;
}

/** The URL for an `<img>`. */
export const photoUrl = `${apiOrigin}/media/photo`;

export async function fetchOrders(signal: AbortSignal): Promise<Order[]> {
  const { data } = await axios.get<{ orders: Order[] }>("/api/orders", { signal });
  return data.orders;
}

/** @returns the user for whom the API accepted the order */
export async function placeOrder(order: FormData): Promise<string> {
  const { data } = await axios.post<{ caller: { user: string } }>("/api/orders", order);
  return data.caller.user;
}

export async function fetchHealth(): Promise<string> {
  const { data } = await axios.get<{ status: string }>("/api/health");
  return data.status;
}
