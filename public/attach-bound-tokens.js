import { follow, source } from "/bound-tokens.js";
import { beforeUserChange, currentUser, userKnown } from "./sign-in.js";

export const attachment = bearerWorker.attachTokens(source, {
  protectedResourceMap: {
    "/api/health": null,
    "/api/*": [
      { httpMethod: "GET", scopes: ["api://orders/Data.Read"], tokenType: "DPoP" },
      { httpMethod: "POST", scopes: ["api://orders/Data.Write"], tokenType: "DPoP" },
    ],
    [`${demoConfig.apiOrigin}/media/*`]: [{ scopes: ["api://media/Media.Read"], tokenType: "DPoP" }],
  },
});

await userKnown;
beforeUserChange((user) => follow(user).catch(console.warn));
await follow(currentUser()).catch(console.warn);
