/** Nobody makes trouble for a real tenant: what the page has for it goes. */
export function startTrouble() {
  for (const part of document.querySelectorAll('.trouble, [data-action="send-hundred"]')) part.remove();
}
