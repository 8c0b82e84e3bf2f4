/** A comment, string, template or regular expression in a source of TypeScript or JavaScript. */
export interface Span {
  readonly kind: "comment" | "string" | "template" | "pattern";
  readonly start: number;
  /** The index after the last character. */
  readonly end: number;
}

/** An operator or one of these words stands before a regular expression. After an operand, a slash divides. */
const BEFORE_PATTERN =
  /(?:^|[=(,:;[!&|?{}+\-*%~^>]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|await|yield))\s*$/;

const FORMS = [
  { kind: "comment", form: /\/\/[^\n]*|\/\*[^]*?\*\//y },
  { kind: "string", form: /"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'/y },
  { kind: "pattern", form: /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y },
] as const;

/** Every comment and literal, in order. A template is one span, with the expressions inside it. */
export function spansOf(source: string): Span[] {
  const spans: Span[] = [];
  scan(source, 0, false, (span) => spans.push(span));
  return spans;
}

/** The source with blanks in place of comments and of the contents of literals. Every index stays the same. */
export function codeOf(source: string): string {
  let code = "";
  let position = 0;
  for (const { kind, start, end } of spansOf(source)) {
    const quote = kind === "comment" ? 0 : 1;
    code += source.slice(position, start + quote);
    code += source.slice(start + quote, end - quote).replace(/[^\n]/g, " ");
    position = end - quote;
  }
  return code + source.slice(position);
}

/** Scans to the end, or to the brace that closes an expression in a template. Returns the index of that end. */
function scan(source: string, from: number, isExpression: boolean, found: (span: Span) => void): number {
  const notable = /["'`/{}]/g;
  notable.lastIndex = from;
  let depth = 0;
  for (let match = notable.exec(source); match; match = notable.exec(source)) {
    const { index: start } = match;
    const [char] = match;
    if (char === "{") depth += 1;
    else if (char === "}") {
      if (isExpression && depth === 0) return start;
      depth -= 1;
    } else {
      const span = char === "`" ? templateAt(source, start) : spanAt(source, start);
      if (!span) continue;
      found(span);
      notable.lastIndex = span.end;
    }
  }
  return source.length;
}

function spanAt(source: string, start: number): Span | null {
  for (const { kind, form } of FORMS) {
    form.lastIndex = start;
    const [text] = form.exec(source) ?? [];
    if (!text) continue;
    if (kind === "pattern" && !BEFORE_PATTERN.test(source.slice(Math.max(0, start - 80), start))) return null;
    return { kind, start, end: start + text.length };
  }
  return null;
}

function templateAt(source: string, start: number): Span {
  const notable = /\\[^]|`|\$\{/g;
  notable.lastIndex = start + 1;
  for (let match = notable.exec(source); match; match = notable.exec(source)) {
    if (match[0] === "`") return { kind: "template", start, end: notable.lastIndex };
    if (match[0] === "${") notable.lastIndex = scan(source, notable.lastIndex, true, () => {}) + 1;
  }
  return { kind: "template", start, end: source.length };
}
