/** A web worker of the site. It has no window, no MSAL and no token. */
onmessage = async ({ data }) => {
  const response = await fetch(data);
  postMessage(response.status);
  close();
};
