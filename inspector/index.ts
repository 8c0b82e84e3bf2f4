export { BearerInspector } from "./bearer-inspector.ts";
export { openInspector } from "./open-inspector.ts";
