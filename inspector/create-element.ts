type Name = keyof HTMLElementTagNameMap;

/** An element with its class and what is in it. Markup as text would not pass where trusted types are required. */
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

/** URLs of the page's own origin without it, others without their scheme. */
export const shorten = (url: string): string =>
  url.replace(`${location.origin}/`, "/").replace(/^https?:\/\//, "");
