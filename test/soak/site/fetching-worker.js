onmessage = async ({ data: { id, url } }) => {
  try {
    const response = await fetch(url);
    const { length } = await response.text();
    postMessage({ id, status: response.status, length });
  } catch (error) {
    postMessage({ id, status: 0, error: String(error) });
  }
};
