/** The scopes of OpenID Connect itself, which every account grants. */
export const OPENID_SCOPES = ["openid", "profile", "email", "offline_access"];

/** The protected APIs by their identifier, the audience of their tokens, with the permissions of each. */
const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  "api://orders": ["Data.Read", "Data.Write"],
  "api://media": ["Media.Read", "Media.Write"],
};

/** Identifiers of the protected APIs. */
export const RESOURCES = Object.keys(PERMISSIONS);

/** Every scope of a resource as clients ask for it: `api://orders/Data.Read`, …, `api://orders/.default`. */
export function scopesOf(resource: string): string[] {
  return [...namedScopesOf(resource), `${resource}/.default`];
}

/** The resources that a space-separated list of scopes names, each once. */
export function resourcesIn(scope: string): string[] {
  return RESOURCES.filter((resource) => scope.split(" ").some((name) => name.startsWith(`${resource}/`)));
}

/** The scopes of a list that neither OpenID Connect nor one of the resources has. */
export function unknownScopesIn(scope: string): string[] {
  const known = new Set([...OPENID_SCOPES, ...RESOURCES.flatMap(scopesOf)]);
  return scope.split(" ").filter((name) => name !== "" && !known.has(name));
}

/** The list with each `/.default` followed by all scopes of its resource. */
export function expandDefaults(scope: string): string {
  const expanded = scope.split(" ").flatMap((name) => {
    const resource = RESOURCES.find((candidate) => name === `${candidate}/.default`);
    return resource ? [name, ...namedScopesOf(resource)] : [name];
  });
  return [...new Set(expanded)].join(" ");
}

/** The `scp` claim of a token for these scopes: the permissions without the resource, as Entra writes them. */
export function permissionsIn(scope: string): string {
  return expandDefaults(scope)
    .split(" ")
    .map((name) => name.slice(name.lastIndexOf("/") + 1))
    .filter((permission) => permission !== ".default")
    .join(" ");
}

function namedScopesOf(resource: string): string[] {
  return (PERMISSIONS[resource] ?? []).map((permission) => `${resource}/${permission}`);
}
