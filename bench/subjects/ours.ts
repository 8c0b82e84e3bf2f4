import { readFileSync } from "node:fs";
import type { Subject } from "./subject.ts";

/** This package as it is built, with a map as a small site has it, and MSAL. */
export const ours: Subject = {
  name: "bearer-worker",
  title: "bearer-worker",
  usesMsal: true,
  attaches: true,
  files: () => ({ "sw.js": readFileSync(new URL("../../dist/bearer-sw.js", import.meta.url), "utf8") }),
  page: `
    await bearerWorker.attachTokens(msal, {
      serviceWorker: "sw.js",
      protectedResourceMap: {
        "/api/health": null,
        "/api/*": ["api://orders/Data.Read"],
        "https://graph.microsoft.com/v1.0/*": ["User.Read"],
      },
    });`,
};
