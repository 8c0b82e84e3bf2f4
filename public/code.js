/** Shows source code, coloured if the browser can highlight without markup. */

/** Strings come first, since a string may contain text like a comment or a keyword. */
const TOKEN =
  /(?<string>"[^"\n]*"|`[^`]*`)|(?<comment>\/\*[^]*?\*\/|\/\/.*)|(?<keyword>\b(?:import|from|export|const|new|null)\b)/g;

export function showCode(element, source) {
  element.textContent = source;
  if (!("highlights" in CSS)) return;
  for (const { index, 0: text, groups } of source.matchAll(TOKEN)) {
    const kind = Object.keys(groups).find((name) => groups[name]);
    const range = new StaticRange({
      startContainer: element.firstChild,
      startOffset: index,
      endContainer: element.firstChild,
      endOffset: index + text.length,
    });
    highlight(`code-${kind}`).add(range);
  }
}

/** With forced colours a highlight would look like a selection. */
const forced = matchMedia("(forced-colors: active)");
const highlights = new Map();
forced.addEventListener("change", () => highlights.forEach(show));

function highlight(name) {
  if (!highlights.has(name)) {
    highlights.set(name, new Highlight());
    show(highlights.get(name), name);
  }
  return highlights.get(name);
}

function show(highlight, name) {
  if (forced.matches) CSS.highlights.delete(name);
  else CSS.highlights.set(name, highlight);
}
