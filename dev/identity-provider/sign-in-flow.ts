import { errors, type default as Provider, type KoaContextWithOIDC } from "oidc-provider";
import { ACCOUNTS, accountById, accountByUsername } from "./accounts.ts";
import type { Consents } from "./consents.ts";
import { readForm } from "./form-body.ts";
import type { Middleware } from "./middleware.ts";
import { accountPicker, approvalPage, consentPage, renderErrorPage, sendPage } from "./sign-in-pages.ts";
import type { Tenant } from "./tenant.ts";

type Interaction = Awaited<ReturnType<Provider["interactionDetails"]>>;
type InteractionResult = Parameters<Provider["interactionResult"]>[2];

/** Serves the pages of a sign-in, and continues the authorization request with the user's choices. */
export function signInFlow(provider: Provider, tenant: Tenant, consents: Consents): Middleware {
  return async (ctx, next) => {
    if (!ctx.path.startsWith(`${tenant.signInPath}/`)) return void (await next());
    try {
      const interaction = await provider.interactionDetails(ctx.req, ctx.res);
      if (ctx.method === "POST") await submit(ctx, interaction);
      else show(ctx, interaction, consents);
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error;
      ctx.status = 400;
      const description = "This sign-in has expired. Close this window and start again.";
      renderErrorPage(ctx, { error: error.error, error_description: description });
    }
  };

  async function submit(ctx: KoaContextWithOIDC, interaction: Interaction): Promise<void> {
    const result = resultOf(await readForm(ctx.req), interaction, consents);
    ctx.status = 303;
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
  }
}

function show(ctx: KoaContextWithOIDC, { prompt, params, session }: Interaction, consents: Consents): void {
  const account = accountById(session?.accountId);
  if (prompt.name === "mfa" && account) return sendPage(ctx, approvalPage(account));
  if (prompt.name === "consent" && account) {
    const scope = String(params["scope"]);
    const missing = consents.missing(account.id, scope);
    return sendPage(ctx, consentPage(account, missing.length > 0 ? missing : scope.split(" ")));
  }
  const hint = params["login_hint"];
  sendPage(ctx, accountPicker(ACCOUNTS, accountByUsername(typeof hint === "string" ? hint : ""), account));
}

function resultOf(
  form: Record<string, string>,
  interaction: Interaction,
  consents: Consents,
): InteractionResult {
  const { prompt, params, session } = interaction;
  const chosen = accountByUsername(form["account"]);
  const isStillSignedIn = chosen !== undefined && chosen.id === session?.accountId && prompt.name !== "login";
  const amr = isStillSignedIn ? (session.amr ?? ["pwd"]) : ["pwd"];
  if (chosen) return { [prompt.name]: {}, login: { accountId: chosen.id, amr } };
  if (session && form["action"] === "approve") {
    return { mfa: {}, login: { accountId: session.accountId, amr: ["pwd", "mfa"] } };
  }
  if (session && form["action"] === "accept") {
    consents.add(session.accountId, String(params["scope"]));
    return { consent: {} };
  }
  return { error: "access_denied", error_description: "AADSTS65004: The user cancelled." };
}
