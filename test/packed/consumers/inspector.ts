// A page with a bundler, while a developer looks at it.
import { attachTokens, type TokenSource } from "bearer-worker";
import { type BearerInspector, openInspector } from "bearer-worker/inspector";

export const inspect = (source: TokenSource): BearerInspector =>
  openInspector(attachTokens(source, { protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } }), {
    account: () => source.account(),
  });

document.querySelector("bearer-inspector")?.remove();
document.createElement("bearer-inspector").open = true;
// @ts-expect-error -- the element has no such property
document.createElement("bearer-inspector").opened = true;
