/** Methods that must not be sent twice without the user's word. @see https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2 */
const NOT_IDEMPOTENT: readonly string[] = ["POST", "PATCH"];

/** Whether a request must not be sent twice, in an engine that might: Chromium gives the requests of a dead worker to the next. */
export const mustNotRepeat = ({ method }: Request): boolean =>
  NOT_IDEMPOTENT.includes(method) && isChromium();

const isChromium = (): boolean => "userAgentData" in navigator;
