import { readFileSync } from "node:fs";
import type * as SignalR from "@microsoft/signalr";
import { expect, replaceScript, SitePage, test } from "./fixtures.ts";
import { startSignalrHub } from "./signalr-hub.ts";

const CLIENT = new URL("../../node_modules/@microsoft/signalr/dist/browser/signalr.js", import.meta.url);

declare global {
  /** The global of SignalR's script. */
  const signalR: typeof SignalR;
}

for (const transport of ["ServerSentEvents", "LongPolling"] as const) {
  test(`SignalR over ${transport} calls a protected hub that the map names by two keys`, async ({
    page,
    stack,
  }) => {
    const hub = await startSignalrHub();
    try {
      stack.site.override("/signalr.js", { body: readFileSync(CLIENT) });
      const map = {
        [`${hub.origin}/hub`]: ["api://orders/Data.Read"],
        [`${hub.origin}/hub/*`]: ["api://orders/Data.Read"],
      };
      replaceScript(
        stack,
        `bearerWorker.attachTokens(window.msal, { protectedResourceMap: ${JSON.stringify(map)} })`,
      );
      const site = await SitePage.open(page, stack);
      await site.signIn();
      await page.addScriptTag({ url: "/signalr.js" });

      const answer = await site.run(
        async ([url, name]) => {
          const connection = new signalR.HubConnectionBuilder()
            .withUrl(url, { transport: signalR.HttpTransportType[name] })
            .configureLogging(signalR.LogLevel.None)
            .build();
          await connection.start();
          const result = await connection.invoke<string>("echo", "hello");
          await connection.stop();
          return result;
        },
        [`${hub.origin}/hub`, transport] as const,
      );

      expect(answer).toBe("hello");
      expect(new Set(hub.received)).toEqual(
        new Set([
          "POST /hub/negotiate bearer",
          "GET /hub bearer",
          "POST /hub bearer",
          ...(transport === "LongPolling" ? ["DELETE /hub bearer"] : []),
        ]),
      );
    } finally {
      await hub.close();
    }
  });
}
