import type { TokenAttachment } from "../page/token-attachment.ts";
import type { Panel } from "./panel.ts";

const STYLE = `
:host {
  position: fixed;
  z-index: 2147483647;
  inset: auto 1rem 1rem auto;
  display: flex;
  flex-direction: column;
}
section {
  display: flex;
  flex-direction: column;
  min-block-size: 0;
  border-radius: inherit;
}
button {
  align-self: end;
  padding: .5rem 1rem;
  border: 1px solid;
  border-radius: 2rem;
  background: var(--bearer-worker-background, Canvas);
  color: var(--bearer-worker-color, CanvasText);
  font: 600 .875rem/1.25 system-ui;
  cursor: pointer;
}
`;

/** A server that renders pages imports this module, and has no elements and no style sheets. */
const HTMLElement = globalThis.HTMLElement ?? class {};
let sheet: CSSStyleSheet | undefined;

/** The style sheet of all inspectors, created with the first. */
function ownSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
  }
  return sheet;
}

/**
 * `<bearer-inspector>`: shows a developer the worker's activity for this page: requests to protected resources with the
 * origin of their token, the end of each token, and the worker's state. It shows no token, query or fragment, and names
 * the account only as `account` does.
 *
 * The element lies over the page's corner unless the page's style sheet places it elsewhere. With the attribute `open` it
 * shows the panel. Without it, the element is a button that opens the panel, with no listener, request or code of the panel.
 */
export class BearerInspector extends HTMLElement {
  /** @internal */
  static readonly observedAttributes = ["open"];

  /**
   * Returns a name for the account whose tokens the page uses, such as its username, or nothing if no account is signed
   * in. Without this function the panel shows no account.
   */
  declare account?: (() => string | null | undefined) | null;

  #attachment: TokenAttachment | Promise<TokenAttachment> | null = null;
  #panel: Panel | null = null;
  readonly #root = this.attachShadow({ mode: "open" });
  readonly #opener = document.createElement("button");
  readonly #section = document.createElement("section");

  /** @internal */
  constructor() {
    super();
    this.#opener.textContent = "Tokens";
    this.#opener.setAttribute("aria-expanded", "false");
    this.#opener.onclick = () => (this.open = true);
    this.#section.setAttribute("aria-label", "Token inspector");
    // The panel is in English, regardless of the page's language.
    Object.assign(this.#section, { lang: "en", dir: "ltr" });
    this.#root.adoptedStyleSheets = [ownSheet()];
    this.#root.append(this.#section);
  }

  /** The result of `attachTokens`, resolved or not. */
  get attachment(): TokenAttachment | Promise<TokenAttachment> | null {
    return this.#attachment;
  }
  set attachment(attachment: TokenAttachment | Promise<TokenAttachment> | null) {
    this.#attachment = attachment;
    this.#close();
    this.#show();
  }

  /** Whether the panel is shown: the attribute of this name. */
  get open(): boolean {
    return this.hasAttribute("open");
  }
  set open(open: boolean) {
    this.toggleAttribute("open", open);
  }

  /** @internal */
  connectedCallback(): void {
    // A property set before the element was defined hides the accessor.
    if (Object.hasOwn(this, "attachment")) {
      const { attachment } = this;
      delete (this as Partial<BearerInspector>).attachment;
      this.attachment = attachment;
    }
    this.#show();
  }

  /** @internal */
  disconnectedCallback(): void {
    this.#close();
  }

  /** @internal */
  attributeChangedCallback(): void {
    this.#show();
  }

  #show(): void {
    if (!this.isConnected) return;
    if (!this.open) {
      const hadFocus = this.#root.activeElement;
      this.#close();
      this.#section.replaceChildren(this.#opener);
      if (hadFocus) this.#opener.focus();
    } else if (!this.#panel) {
      // Closed again, the button opens the panel once more.
      this.#load().catch((error: unknown) => {
        this.open = false;
        reportError(error);
      });
    }
  }

  async #load(): Promise<void> {
    const { createPanel, panelSheet } = await import("./panel.ts");
    if (!this.open || !this.isConnected || this.#panel) return;
    const hadFocus = this.#root.activeElement;
    this.#root.adoptedStyleSheets = [ownSheet(), panelSheet];
    this.#panel = createPanel({
      attachment: this.#attachment,
      account: () => (this.account ? (this.account() ?? "nobody is signed in") : undefined),
      close: () => (this.open = false),
    });
    this.#section.replaceChildren(this.#panel.element);
    if (hadFocus) this.#panel.focus();
  }

  #close(): void {
    this.#panel?.stop();
    this.#panel = null;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "bearer-inspector": BearerInspector;
  }
}

// An element's name can be defined only once, and a site may load this script twice.
if ("customElements" in globalThis && !customElements.get("bearer-inspector")) {
  customElements.define("bearer-inspector", BearerInspector);
}
