import { answerJson } from "./json-answer.ts";
import { callerOf, type Operation } from "./operation.ts";

const AUDIENCE = "api://orders";
const READ = { audience: AUDIENCE, scope: "Data.Read" };
const WRITE = { audience: AUDIENCE, scope: "Data.Write" };
const APPROVE = { ...READ, authenticationContext: "c1" };

const ORDERS = [
  { id: 1001, customer: "Northwind Traders", item: "Difference engine", total: 12_400 },
  { id: 1002, customer: "Fabrikam", item: "Punched cards, 10 000", total: 310 },
  { id: 1003, customer: "Tailspin Toys", item: "Enigma replica", total: 2_980 },
  { id: 1004, customer: "Adventure Works", item: "Nanosecond of wire", total: 12 },
];

/** The API of `api://orders`. */
export const ORDER_OPERATIONS: readonly Operation[] = [
  {
    method: "GET",
    path: "/api/health",
    access: null,
    answer: ({ response }) => answerJson(response, 200, { status: "healthy" }),
  },
  {
    method: "GET",
    path: "/api/orders",
    access: READ,
    answer: (exchange) => answerJson(exchange.response, 200, { orders: ORDERS, caller: callerOf(exchange) }),
  },
  {
    method: "POST",
    path: "/api/orders",
    access: WRITE,
    answer: (exchange) =>
      answerJson(exchange.response, 201, { received: exchange.body, caller: callerOf(exchange) }),
  },
  {
    method: "GET",
    path: "/api/orders/approvals",
    access: APPROVE,
    answer: (exchange) =>
      answerJson(exchange.response, 200, { approvals: ORDERS.slice(0, 1), caller: callerOf(exchange) }),
  },
  {
    method: "GET",
    path: "/api/orders/report.csv",
    access: READ,
    answer({ response }) {
      const rows = ORDERS.map(({ id, customer, item, total }) => `${id},"${customer}","${item}",${total}`);
      response.setHeader("Content-Type", "text/csv; charset=utf-8");
      response.setHeader("Content-Disposition", 'attachment; filename="orders.csv"');
      response.setHeader("Cache-Control", "no-store");
      response.end(["id,customer,item,total", ...rows, ""].join("\r\n"));
    },
  },
];
