/** A real tenant that the demo signs in to, with the resource and scopes that its user may request. */
export interface EntraSettings {
  readonly clientId: string;
  /** MSAL's `auth.authority`: the URL at which users sign in. */
  readonly authority: string;
  /** The resource that the demo reads. */
  readonly resource: string;
  /** The only key of the demo's map, `{ [key]: scopes }`. It covers `resource`. */
  readonly key: string;
  readonly scopes: readonly string[];
}

/** The raw options of `npm start` that describe a tenant. */
export interface EntraOptions {
  readonly tenant?: string | undefined;
  readonly client?: string | undefined;
  readonly authority?: string | undefined;
  readonly api?: string | undefined;
  readonly scope?: readonly string[] | undefined;
}

/** The scopes to request without `--api`. */
export const GRAPH = "https://graph.microsoft.com/v1.0/me";
const GRAPH_SCOPES = ["User.Read"];

const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const DOMAIN = /^[a-z\d](?:[a-z\d-]*\.)+[a-z\d-]+$/i;
const ANY_TENANT = ["common", "organizations", "consumers"];

/**
 * Reads the tenant, application and API from the options; `null` if no option is given.
 *
 * @throws TypeError that names the wrong option and its right form
 */
export function readEntraSettings(options: EntraOptions): EntraSettings | null {
  const { client, api, scope: scopes } = options;
  if (Object.values(options).every((value) => value === undefined)) return null;
  const authority = readAuthority(options);
  if (!client)
    throw new TypeError("--client is missing. Give the application (client) ID of your app registration.");
  if (!GUID.test(client))
    throw new TypeError("--client takes a GUID: the application (client) ID of your app registration.");
  if (!api !== !scopes?.length) {
    throw new TypeError(
      "--api and --scope belong together. Give both, as in --api https://api.contoso.com/orders --scope api://…/Read.",
    );
  }
  if (options.authority !== undefined && !api) {
    throw new TypeError(
      "--authority needs --api and --scope, because the default API, Microsoft Graph, has other URLs in other clouds.",
    );
  }
  return {
    clientId: client,
    authority,
    scopes: scopes?.flatMap((scope) => scope.split(/[\s,]+/).filter(Boolean)) ?? GRAPH_SCOPES,
    ...(api ? readApi(api) : { resource: GRAPH, key: "https://graph.microsoft.com/v1.0/*" }),
  };
}

function readAuthority({ tenant, authority }: EntraOptions): string {
  if (authority !== undefined) {
    if (tenant !== undefined)
      throw new TypeError("--tenant and --authority exclude each other. Give one of them.");
    const url = parse(authority);
    if (url?.protocol === "https:" && !url.search && !url.hash) return url.href;
    throw new TypeError("--authority takes an https URL, such as https://contoso.ciamlogin.com/.");
  }
  if (!tenant)
    throw new TypeError("--tenant is missing. Give the directory (tenant) ID or the tenant's domain.");
  if (GUID.test(tenant) || DOMAIN.test(tenant) || ANY_TENANT.includes(tenant)) {
    return `https://login.microsoftonline.com/${tenant}`;
  }
  throw new TypeError("--tenant takes a GUID, a domain such as contoso.onmicrosoft.com, or organizations.");
}

/** The key also covers the URLs beside the given one: they are other pages of the same API. */
function readApi(api: string): Pick<EntraSettings, "resource" | "key"> {
  const url = parse(api);
  const isSecure = url?.protocol === "https:" || (url?.protocol === "http:" && url.hostname === "localhost");
  if (!url || !isSecure || url.username || url.hash) {
    throw new TypeError("--api takes the URL that the demo reads, with https or http://localhost.");
  }
  return { resource: url.href, key: `${new URL(".", url).href.replace(/\?.*/, "")}*` };
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
