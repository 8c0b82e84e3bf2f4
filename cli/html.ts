import { defaultTreeAdapter, type DefaultTreeAdapterTypes, parse } from "parse5";

/** The parts of a page that decide which scripts it may and does load. */
export interface Page {
  /** The content of each `<meta http-equiv="Content-Security-Policy">` in the head. */
  readonly policies: readonly string[];
  /** The `<script>` elements that run or map imports, in document order. Blocks of data are none. */
  readonly scripts: readonly Script[];
  /** Whether the page was read to its end. */
  readonly isWhole: boolean;
}

export interface Script {
  /** The URL of the attribute `src`; null for an inline script, or when `src` holds no URL. */
  readonly src: URL | null;
  readonly nonce: string | undefined;
  /** The text of an inline script; null if the element has the attribute `src`. */
  readonly text: string | null;
}

/**
 * Elements created, and moves of an element. Unclosed formatting elements multiply: by the rules of HTML, one megabyte can
 * ask for a hundred million elements.
 */
const MOST_STEPS = 100_000;

/** Reads a page as a browser does. Comments, templates and the text of scripts and styles have no elements. */
export function readPage(html: string, url: URL): Page {
  const { document, isWhole, texts } = parseBounded(html);
  const elements = elementsOf(document);
  const base = baseOf(elements, url);
  return {
    policies: elements.filter(isPolicy).map((meta) => attribute(meta, "content") ?? ""),
    scripts: elements
      .filter((element) => element.tagName === "script" && !isData(element))
      .map((script) => ({
        src: urlOf(attribute(script, "src"), base),
        nonce: attribute(script, "nonce"),
        text: attribute(script, "src") === undefined ? (texts.get(script) ?? "") : null,
      })),
    isWhole,
  };
}

/** @see https://html.spec.whatwg.org/multipage/scripting.html#attr-script-type */
const isData = (script: DefaultTreeAdapterTypes.Element): boolean =>
  !/^\s*(?:|module|importmap|(?:text|application)\/(?:x-)?(?:java|ecma)script)\s*$/i.test(
    attribute(script, "type") ?? "",
  );

class TooManySteps extends Error {}

interface Tree {
  readonly document: DefaultTreeAdapterTypes.Document;
  readonly isWhole: boolean;
  /** The texts of scripts. */
  readonly texts: ReadonlyMap<object, string>;
}

/** Builds the tree of elements alone: comments, and texts other than scripts, are of no use and would cost memory. */
function parseBounded(html: string): Tree {
  const document = defaultTreeAdapter.createDocument();
  const texts = new Map<object, string>();
  let steps = 0;
  const step = (): void => {
    if (++steps > MOST_STEPS) throw new TooManySteps();
  };
  const treeAdapter: typeof defaultTreeAdapter = {
    ...defaultTreeAdapter,
    createDocument: () => document,
    createElement(...created) {
      step();
      return defaultTreeAdapter.createElement(...created);
    },
    insertText(parent, text) {
      if (parent.nodeName === "script") texts.set(parent, (texts.get(parent) ?? "") + text);
    },
    insertTextBefore() {},
    appendChild(parent, node) {
      if (defaultTreeAdapter.isCommentNode(node)) return;
      step();
      defaultTreeAdapter.appendChild(parent, node);
    },
    insertBefore(parent, node, reference) {
      step();
      defaultTreeAdapter.insertBefore(parent, node, reference);
    },
  };
  try {
    parse(html, { treeAdapter });
    return { document, isWhole: true, texts };
  } catch (error) {
    if (!(error instanceof TooManySteps)) throw error;
    return { document, isWhole: false, texts };
  }
}

/** Every element in document order. Without recursion: a page may nest as deep as it is long. */
function elementsOf(document: DefaultTreeAdapterTypes.Document): DefaultTreeAdapterTypes.Element[] {
  const elements: DefaultTreeAdapterTypes.Element[] = [];
  const ahead = document.childNodes.toReversed();
  for (let node = ahead.pop(); node; node = ahead.pop()) {
    if (!defaultTreeAdapter.isElementNode(node)) continue;
    elements.push(node);
    for (const child of node.childNodes.toReversed()) ahead.push(child);
  }
  return elements;
}

/** @see https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-content-security-policy */
const isPolicy = (element: DefaultTreeAdapterTypes.Element): boolean =>
  element.tagName === "meta" &&
  attribute(element, "http-equiv")?.toLowerCase() === "content-security-policy" &&
  element.parentNode?.nodeName === "head";

const baseOf = (elements: readonly DefaultTreeAdapterTypes.Element[], url: URL): URL => {
  const base = elements.find(
    (element) => element.tagName === "base" && attribute(element, "href") !== undefined,
  );
  return (base && urlOf(attribute(base, "href"), url)) ?? url;
};

const urlOf = (reference: string | undefined, base: URL): URL | null =>
  reference !== undefined && URL.canParse(reference, base) ? new URL(reference, base) : null;

const attribute = ({ attrs }: DefaultTreeAdapterTypes.Element, name: string): string | undefined =>
  attrs.find((attr) => attr.name === name)?.value;
