// Loaded ahead of the servers: their clock is off, by so many milliseconds, as a machine's is. Time goes on as it does.
import { ServerResponse } from "node:http";

const by = Number(process.env["CLOCK_OFF_BY"]);
const { now } = Date;
const shifted = () => now() + by;

globalThis.Date = new Proxy(Date, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length > 0 ? given : [shifted()], newTarget),
  get: (target, name) => (name === "now" ? shifted : Reflect.get(target, name)),
});

// Node has its own for this one, which browsers compare the ends of cookies with.
ServerResponse.prototype.writeHead = new Proxy(Reflect.get(ServerResponse.prototype, "writeHead"), {
  apply(writeHead, response, args) {
    response.setHeader("Date", new Date().toUTCString());
    return Reflect.apply(writeHead, response, args);
  },
});
