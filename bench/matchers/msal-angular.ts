import { MsalInterceptor } from "@azure/msal-angular";
import type { PrepareMatcher } from "./matcher.ts";

/** The method that msal-angular's interceptor calls for every request. Only its types call it private. */
interface Interceptor {
  getScopesForEndpoint(url: string, method: string): string[] | null;
}
type InterceptorClass = new (...parts: unknown[]) => Interceptor;

/** The part of MsalService that matching uses: a silent logger, as by default. */
const AUTH_SERVICE = { getLogger: () => ({ verbose() {}, warning() {} }) };

/** `normalize` of Angular's Location, for an app at the root of its origin. */
const LOCATION = {
  normalize: (url: string): string => {
    const withoutIndex = url.replace(/\/index.html$/, "");
    const end = withoutIndex.search(/#|\?|$/);
    return withoutIndex[end - 1] === "/"
      ? withoutIndex.slice(0, end - 1) + withoutIndex.slice(end)
      : withoutIndex;
  },
};

/** The interceptor of the published bundle, with the strict matching that it has by default. */
export const msalAngular: PrepareMatcher = (keys) => {
  const protectedResourceMap = new Map(keys.map((key) => [key, ["read"]]));
  const Class = MsalInterceptor as unknown as InterceptorClass;
  const interceptor = new Class({ protectedResourceMap }, AUTH_SERVICE, LOCATION, {}, document);
  return (url) => interceptor.getScopesForEndpoint(url, "GET") !== null;
};
