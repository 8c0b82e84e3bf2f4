import type { Answer, Origin } from "./answer.ts";

/** A body, by its name in `site/bodies.js`. */
export type BodyName =
  | "text"
  | "empty text"
  | "JSON"
  | "FormData"
  | "URLSearchParams"
  | "Blob"
  | "Blob without type"
  | "ArrayBuffer"
  | "Uint8Array"
  | "300 kB"
  | "null";

/** How the page makes a request; carried out by `site/calls.js` and `site/elements.js`. */
export type Call =
  | {
      readonly via: "fetch";
      readonly init?: Omit<RequestInit, "body" | "headers">;
      readonly headers?: readonly (readonly [string, string])[];
      readonly body?: BodyName;
      /** Reads the first piece, then lets the server send the rest. */
      readonly stream?: true;
      /** Reads the body from a clone. */
      readonly clone?: true;
      readonly abort?: "at once" | "before headers" | "after headers";
    }
  | {
      readonly via: "XMLHttpRequest";
      readonly method?: string;
      readonly headers?: readonly (readonly [string, string])[];
      readonly body?: BodyName;
      readonly withCredentials?: true;
      readonly responseType?: XMLHttpRequestResponseType;
      readonly overrideMimeType?: string;
      readonly timeout?: number;
      readonly abort?: "before headers" | "after headers";
      readonly observeUpload?: true;
    }
  | { readonly via: "element"; readonly tag: string; readonly attributes?: Readonly<Record<string, string>> }
  | { readonly via: "EventSource"; readonly withCredentials?: true; readonly messages: number }
  | { readonly via: "beacon"; readonly body: BodyName }
  | { readonly via: "worker"; readonly type: "classic" | "module" }
  | { readonly via: "import" }
  | { readonly via: "font" };

/** One request whose every detail matters. */
export interface Variant {
  readonly name: string;
  readonly origin: Origin;
  readonly answer: Answer;
  readonly call: Call;
  /** Whether the URL is fetched once before: for caches and cookies. */
  readonly primed?: boolean;
}
