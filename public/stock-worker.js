/** A web worker of the site. It has no window, no MSAL and no token. */
onmessage = async ({ data }) => {
  const response = await fetch(data);
  postMessage(response.status);
  // Chromium looks for a new service worker a second after this script has loaded. If the web worker has ended by then,
  // that may take a minute, in which no service worker of the site can be registered or unregistered.
  setTimeout(close, 3_000);
};
