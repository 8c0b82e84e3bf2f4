export { BearerWorkerError, type BearerWorkerErrorCode } from "../protocol/errors.ts";
export type {
  ProtectedResourceMap,
  ProtectedResourceScopes,
  ProtectedResourceValue,
} from "../protocol/resource-map.ts";
export { registerTokenRoute, type TokenRouteOptions } from "./register-token-route.ts";
