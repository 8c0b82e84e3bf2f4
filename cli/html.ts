/** The attributes of every `<name …>` in a page, by lower-case name. Tags in comments are ignored. */
export function attributesOf(html: string, name: "meta" | "script"): ReadonlyMap<string, string>[] {
  const tags = html.replace(/<!--[^]*?-->/g, "").matchAll(TAG);
  return Array.from(tags)
    .filter(([, tag]) => tag?.toLowerCase() === name)
    .map(([, , attributes = ""]) => readAttributes(attributes));
}

const TAG = /<([a-z]+)\b((?:[^"'>]|"[^"]*"|'[^']*')*)>/gi;
const ATTRIBUTE = /([^\s"'=<>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g;

function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = "", double, single, bare] of text.matchAll(ATTRIBUTE)) {
    attributes.set(name.toLowerCase(), unescape(double ?? single ?? bare ?? ""));
  }
  return attributes;
}

/** Resolves the escapes that occur in URLs and policies, not all of HTML's. */
const unescape = (value: string): string =>
  value
    .replace(/&(?:#39|apos);/g, "'")
    .replace(/&(?:#34|quot);/g, '"')
    .replaceAll("&amp;", "&");
