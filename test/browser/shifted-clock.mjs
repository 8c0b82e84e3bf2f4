// Loaded before the servers. Shifts the clock of the process by CLOCK_OFF_BY milliseconds; time passes as before.
import { ServerResponse } from "node:http";

const by = Number(process.env["CLOCK_OFF_BY"]);
const { now } = Date;
const shifted = () => now() + by;

globalThis.Date = new Proxy(Date, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length > 0 ? given : [shifted()], newTarget),
  get: (target, name) => (name === "now" ? shifted : Reflect.get(target, name)),
});

// Node writes the Date header by another clock. Browsers compare the expiry of cookies with that header.
ServerResponse.prototype.writeHead = new Proxy(Reflect.get(ServerResponse.prototype, "writeHead"), {
  apply(writeHead, response, args) {
    response.setHeader("Date", new Date().toUTCString());
    return Reflect.apply(writeHead, response, args);
  },
});
