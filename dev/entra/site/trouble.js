export const resumeTrouble = () => () => undefined;

/** Removes the page's controls for faults, since a real tenant has none. */
export function startTrouble() {
  for (const part of document.querySelectorAll('.trouble, [data-action="send-hundred"]')) part.remove();
}
