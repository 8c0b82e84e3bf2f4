import { PROTOCOL_VERSION } from "./messages.ts";

/** Checks one value of a message. */
export type Check = (value: unknown) => boolean;
/** A check for every field of a record, or of a message but its type. */
export type Fields<Message> = { readonly [Field in Exclude<keyof Message, "type">]: Check };
/** The fields of every message of a union. */
export type Shapes<Message extends { readonly type: string }> = {
  readonly [Type in Message["type"]]: Fields<Extract<Message, { readonly type: Type }>>;
};

let ignored = 0;

/** How many messages with our mark this page or worker has ignored: malformed ones, and those of another version. */
export const ignoredMessages = (): number => ignored;

/** Reads a message of a union; `null` for all that is malformed, of another version or not ours. */
export function readMessage<Message extends { readonly type: string }>(
  shapes: Shapes<Message>,
  data: unknown,
): Message | null {
  const version = versionOf(data);
  const type = fieldOf(data, "type");
  if (version === PROTOCOL_VERSION && typeof type === "string" && Object.hasOwn(shapes, type)) {
    if (hasFields(shapes[type as Message["type"]], data)) return data as Message;
  }
  if (version) ignored++;
  return null;
}

/** The version of a message with our mark, whatever its shape. */
export const versionOf = (data: unknown): unknown => fieldOf(data, "bearerWorker");

/** Own fields alone count, since some scripts add to `Object.prototype`. Values are compared and never converted. */
const fieldOf = (data: unknown, field: string): unknown =>
  typeof data === "object" && data !== null && Object.hasOwn(data, field)
    ? (data as Record<string, unknown>)[field]
    : undefined;

const hasFields = (fields: Readonly<Record<string, Check>>, data: unknown): boolean =>
  Object.entries(fields).every(([field, check]) => check(fieldOf(data, field)));

export const isString: Check = (value) => typeof value === "string";
export const isNumber: Check = (value) => typeof value === "number";
export const isBoolean: Check = (value) => typeof value === "boolean";

/** `every` alone would pass over holes. */
export const isListOf = (value: unknown, check: Check): boolean =>
  Array.isArray(value) && [...(value as unknown[])].every(check);

export const isRecord = (value: unknown, fields: Readonly<Record<string, Check>>): boolean =>
  typeof value === "object" && value !== null && hasFields(fields, value);

/** @see BoundTokenType */
export const isBoundOrLeftOut: Check = (value) => value === undefined || value === "DPoP";

/** @see TokenFailure */
export const isFailure: Check = (value) =>
  isRecord(value, { code: isString, reason: isStringOrNull, correlationId: isStringOrNull });

const isStringOrNull: Check = (value) => value === null || isString(value);

/** @see SignedIn */
export const isSignedIn: Check = (value) =>
  fieldOf(value, "type") === "account" && isRecord(value, { id: isString, perResource: isBoolean });

/** @see PageAccount */
export const isAccount: Check = (value) =>
  isSignedIn(value) ||
  (fieldOf(value, "type") === "signed-out" && isRecord(value, { mayAcquire: isBoolean }));
