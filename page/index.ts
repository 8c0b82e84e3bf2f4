export { BearerWorkerError, type BearerWorkerErrorCode } from "../protocol/errors.ts";
export type { ObservedRequest } from "../protocol/request-notices.ts";
export type {
  ProtectedResourceMap,
  ProtectedResourceScopes,
  ProtectedResourceValue,
} from "../protocol/resource-map.ts";
export type { BoundTokenType } from "../protocol/token-type.ts";
export { matchProtectedResource } from "../protocol/resource-matcher.ts";
export { attachTokens } from "./attach-tokens.ts";
export type { DialogTexts } from "./interaction/dialog/dialog-texts.ts";
export type {
  InteractionFunction,
  InteractionMode,
  InteractionRequest,
} from "./interaction/interaction-request.ts";
export type { MsalAuthRequest, MsalOptions } from "./msal/options.ts";
export type { AttachOptions } from "./options.ts";
export type {
  InteractionNeeded,
  RequestObserved,
  RequestPending,
  TokenAcquired,
  TokenAttachmentEvents,
  TokenFailed,
  TokenRequested,
} from "./attachment-events.ts";
export type { RenewalOptions, TokenAttachment } from "./token-attachment.ts";
export type {
  AccessToken,
  Challenge,
  ProofRequest,
  ProvenToken,
  SignInPopup,
  SignProof,
  SourceChange,
  TokenRequest,
  TokenSource,
} from "./token-source.ts";
