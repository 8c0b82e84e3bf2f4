export { BearerWorkerError, type BearerWorkerErrorCode } from "../protocol/errors.ts";
export type {
  ProtectedResourceMap,
  ProtectedResourceScopes,
  ProtectedResourceValue,
} from "../protocol/resource-map.ts";
export type { BoundTokenType } from "../protocol/token-type.ts";
export { BearerTokenPlugin } from "./bearer-token-plugin.ts";
export { authorizeFetch, registerTokenRoute, type TokenRouteOptions } from "./register-token-route.ts";
