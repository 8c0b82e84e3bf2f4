import type { TokenAttachment } from "../page/token-attachment.ts";
import type { BearerInspector } from "./bearer-inspector.ts";

/**
 * Opens the inspector over the page, at the end of its body. If the page has an inspector already, that one is used.
 *
 * @param attachment the result of `attachTokens`, resolved or not
 */
export function openInspector(
  attachment: TokenAttachment | Promise<TokenAttachment>,
  { account = null }: Partial<Pick<BearerInspector, "account">> = {},
): BearerInspector {
  const inspector = document.querySelector("bearer-inspector") ?? document.createElement("bearer-inspector");
  Object.assign(inspector, { attachment, account, open: true });
  if (!inspector.isConnected) document.body.append(inspector);
  return inspector;
}
