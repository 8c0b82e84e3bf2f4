import { interactionPolicy, type KoaContextWithOIDC } from "oidc-provider";
import { accountById, type DevAccount } from "./accounts.ts";
import { asksForStepUp, parseClaimsRequest, type ClaimsRequest } from "./claims-request.ts";
import type { Consents } from "./consents.ts";
import type { ProviderSettings } from "./provider-settings.ts";

const { Check, Prompt, base } = interactionPolicy;

/** Whether an account has to approve a second factor for a request that asks for these claims. */
export function needsMfa(
  account: DevAccount,
  claims: ClaimsRequest | undefined,
  settings: ProviderSettings,
): boolean {
  return settings.requireMfa || account.alwaysMfa || asksForStepUp(claims);
}

/**
 * The steps for which a request may need the user, in this order: choose an account, sign in, approve the second factor,
 * consent. With `prompt=none` the first needed step becomes the error of the answer.
 */
export function signInPolicy(
  settings: ProviderSettings,
  consents: Consents,
): interactionPolicy.DefaultPolicy {
  const policy = base();
  policy.get("login")?.checks.add(wantsAnotherAccount);
  policy.get("login")?.checks.add(wantsAnotherSession);
  policy.remove("consent");
  policy.add(new Prompt({ name: "select_account", requestable: true }), 0);
  policy.add(new Prompt({ name: "mfa" }, needsSecondFactor(settings)));
  policy.add(new Prompt({ name: "consent", requestable: true }, needsConsent(settings, consents)));
  return policy;
}

const wantsAnotherAccount = new Check(
  "login_hint",
  "the hinted account is not signed in",
  "login_required",
  (ctx) => {
    const hint = ctx.oidc.params?.["login_hint"];
    if (typeof hint !== "string" || isSigningIn(ctx)) return false;
    return signedInAccount(ctx)?.username !== hint.toLowerCase();
  },
);

/** MSAL sends the `sid` of its ID token with `prompt=none`. Each sign-in has another `sid`. */
const wantsAnotherSession = new Check("sid", "the session has ended", "login_required", (ctx) => {
  const sid = ctx.oidc.params?.["sid"];
  if (typeof sid !== "string" || isSigningIn(ctx) || !ctx.oidc.client) return false;
  return ctx.oidc.session?.sidFor(ctx.oidc.client.clientId) !== sid;
});

function needsSecondFactor(settings: ProviderSettings): interactionPolicy.Check {
  return new Check("second_factor", "a second factor is needed", "interaction_required", (ctx) => {
    const account = signedInAccount(ctx);
    const claims = parseClaimsRequest(ctx.oidc.params?.["claims"]);
    return (
      account !== undefined && needsMfa(account, claims, settings) && !ctx.oidc.session?.amr?.includes("mfa")
    );
  });
}

function needsConsent(settings: ProviderSettings, consents: Consents): interactionPolicy.Check {
  return new Check("scopes_not_consented", "the user has not consented", "consent_required", (ctx) => {
    const account = signedInAccount(ctx);
    const scope = ctx.oidc.params?.["scope"];
    if (!settings.requireConsent || !account || typeof scope !== "string") return false;
    return consents.missing(account.id, scope).length > 0;
  });
}

/** A picked account takes precedence over the request's hint. */
function isSigningIn(ctx: KoaContextWithOIDC): boolean {
  return ctx.oidc.result?.login !== undefined;
}

function signedInAccount(ctx: KoaContextWithOIDC): DevAccount | undefined {
  return accountById(ctx.oidc.session?.accountId);
}
