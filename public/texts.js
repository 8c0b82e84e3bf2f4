import said from "./languages/en.js";

/**
 * The page's texts, in the language of `<html lang>`. An element names its text in `data-text`, and the texts of its
 * attributes as below. The English texts are in the page itself.
 */

const ATTRIBUTES = { label: "aria-label", alt: "alt", content: "content" };
const NAMED = ["text", ...Object.keys(ATTRIBUTES)].map((name) => `[data-${name}]`).join();

const root = document.documentElement;
const inPage = [...root.querySelectorAll(NAMED)];
const english = { ...said, ...Object.fromEntries(inPage.flatMap(textsOf)) };
/** The values to fill into an element's text. */
const fillings = new WeakMap();
let texts = english;
let latest = 0;

/**
 * Shows the page in another language.
 *
 * @throws TypeError when the language cannot be loaded; the page stays as it is
 */
export async function setLanguage(language) {
  const turn = ++latest;
  const translated = language === "en" ? {} : (await import(`./languages/${language}.js`)).default;
  if (turn !== latest) return;
  texts = { ...english, ...translated };
  root.lang = language;
  root.dir = demoLanguages[language];
  translate(root);
  // Some elements may be out of the page for a while.
  inPage.forEach(render);
}

/**
 * Writes a text into an element, which follows the page's language from then on. Backticks mean code.
 *
 * @param {Record<string, string | number | ((locale: string) => string)>} values the values for the names in braces
 */
export function write(element, name, values = {}) {
  element.dataset.text = name;
  fillings.set(element, values);
  render(element);
}

/** Removes the text. */
export function erase(element) {
  delete element.dataset.text;
  element.textContent = "";
}

export const has = (name) => Object.hasOwn(texts, name);

/** Fills in the texts of a new element and of its descendants. */
export function translate(element) {
  if (element.matches(NAMED)) render(element);
  element.querySelectorAll(NAMED).forEach(render);
}

export const milliseconds = (value) => unit(value, "millisecond", "short");
export const seconds = (value) => unit(value, "second", "long");
export const timeOfDay = (date) => (locale) => date.toLocaleTimeString(locale);

function unit(value, unit, unitDisplay) {
  return (locale) => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay }).format(value);
}

/** The locale with the user's own region if the browser has one for this language: 24 hours in `en-GB`, 12 in `en-US`. */
function locale() {
  return navigator.languages.find((tag) => tag.split("-")[0] === root.lang) ?? root.lang;
}

function render(element) {
  const { text } = element.dataset;
  for (const [name, attribute] of Object.entries(ATTRIBUTES)) {
    if (element.dataset[name]) element.setAttribute(attribute, texts[element.dataset[name]]);
  }
  if (!text) return;
  const values = fillings.get(element);
  element.replaceChildren(...texts[text].split(/(`[^`]*`|\{\w+\})/).map((part) => nodeOf(part, values)));
}

function nodeOf(part, values) {
  if (part.startsWith("`")) return tag("code", part.slice(1, -1));
  if (!part.startsWith("{")) return part;
  const value = values[part.slice(1, -1)];
  if (typeof value === "function") return tag("bdi", value(locale()));
  if (typeof value === "number") return tag("bdi", new Intl.NumberFormat(locale()).format(value));
  // Names, codes and messages of servers are not in the page's language.
  return Object.assign(tag("bdi", value), { lang: "en" });
}

function tag(name, content) {
  return Object.assign(document.createElement(name), { textContent: content });
}

/** The original texts of an element in the page, by their names. */
function textsOf(element) {
  const { text } = element.dataset;
  const found = Object.entries(ATTRIBUTES)
    .filter(([name]) => element.dataset[name])
    .map(([name, attribute]) => [element.dataset[name], element.getAttribute(attribute)]);
  if (text && element.textContent) found.push([text, sourceOf(element)]);
  return found;
}

function sourceOf(element) {
  return [...element.childNodes]
    .map((node) => (node.nodeName === "CODE" ? `\`${node.textContent}\`` : node.textContent))
    .join("")
    .replace(/[ \n]+/g, " ")
    .trim();
}

// If the language cannot be loaded, the page stays in English.
await setLanguage(root.lang).catch(() => setLanguage("en"));
delete root.dataset.untranslated;
