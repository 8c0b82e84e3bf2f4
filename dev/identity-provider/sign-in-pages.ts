import type { KoaContextWithOIDC } from "oidc-provider";
import type { DevAccount } from "./accounts.ts";
import { html, page, type Markup, type Page } from "./page-layout.ts";

/** Lets the user pick an account. The accounts `signedIn` and `hinted` are marked, and the hinted one comes first. */
export function accountPicker(
  accounts: readonly DevAccount[],
  hinted?: DevAccount,
  signedIn?: DevAccount,
): Page {
  const ordered = hinted ? [hinted, ...accounts.filter((account) => account !== hinted)] : accounts;
  return page(
    "Pick an account",
    html`<p>to continue to Contoso Orders</p>
      <form method="post">
        ${ordered.map((account) => accountButton(account, account === signedIn ? "Signed in" : ""))}
        ${cancelButton}
      </form>`,
  );
}

/** Asks for the second factor. */
export function approvalPage(account: DevAccount): Page {
  return page(
    "Approve sign-in",
    html`<p>${account.username}</p>
      <p>This needs a second factor. Approve it here, as you would on your phone.</p>
      <form method="post">
        <button class="primary" name="action" value="approve" data-action="approve" autofocus>Approve</button>
        ${cancelButton}
      </form>`,
  );
}

/** Asks for consent to the scopes. */
export function consentPage(account: DevAccount, scopes: readonly string[]): Page {
  return page(
    "Permissions requested",
    html`<p>${account.username}</p>
      <p>Contoso Orders would like to use, as you:</p>
      <ul>
        ${scopes.map((scope) => html`<li>${scope}</li>`)}
      </ul>
      <form method="post">
        <button class="primary" name="action" value="accept" data-action="accept" autofocus>Accept</button>
        ${cancelButton}
      </form>`,
  );
}

/** Answers with a page that describes the error. */
export function renderErrorPage(
  ctx: KoaContextWithOIDC,
  out: { error: string; error_description?: string | undefined },
) {
  sendPage(
    ctx,
    page(
      "That did not work",
      html`<p>${out.error_description ?? ""}</p>
        <p>${out.error}</p>`,
    ),
  );
}

/** Signs out without a question, as Entra does when only one account is signed in. */
export function renderSigningOutPage(ctx: KoaContextWithOIDC, form: string): void {
  const [, action = "", secret = ""] = /action="([^"]*)".*value="([^"]*)"/.exec(form) ?? [];
  const submit = "document.forms[0].submit()";
  const content = html`<form method="post" action="${action}">
    <input type="hidden" name="xsrf" value="${secret}" />
    <input type="hidden" name="logout" value="yes" />
    <noscript><button class="primary">Sign out</button></noscript>
  </form>`;
  sendPage(ctx, page("Signing out", content, submit));
}

export function renderSignedOutPage(ctx: KoaContextWithOIDC): void {
  sendPage(ctx, page("You are signed out", html`<p>You can close this window.</p>`));
}

/** Sends a page that other sites cannot frame. */
export function sendPage(ctx: KoaContextWithOIDC, { html: body, policy }: Page): void {
  ctx.type = "html";
  ctx.set("Cache-Control", "no-store");
  ctx.set("X-Frame-Options", "DENY");
  ctx.set("Content-Security-Policy", policy);
  ctx.body = body;
}

function accountButton({ name, username }: DevAccount, mark: string): Markup {
  return html`<button class="account" name="account" value="${username}" data-account="${username}">
    <i aria-hidden="true">${name.charAt(0)}</i><b>${name}</b
    ><small>${username}</small>${mark === "" ? "" : html`<em>${mark}</em>`}
  </button>`;
}

const cancelButton = html`<button name="action" value="cancel" data-action="cancel">Cancel</button>`;
