type Name = keyof HTMLElementTagNameMap;

/** Creates an element with a class and content. Pages that require trusted types refuse markup as text. */
export function create<Tag extends Name>(
  tag: Tag,
  className = "",
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

export function createButton(text: string, act: () => void): HTMLButtonElement {
  const button = create("button", "", text);
  button.type = "button";
  button.onclick = act;
  return button;
}

/** Shortens a URL: without the origin if it is the page's own, otherwise without the scheme. */
export const shorten = (url: string): string =>
  url.replace(`${location.origin}/`, "/").replace(/^https?:\/\//, "");
