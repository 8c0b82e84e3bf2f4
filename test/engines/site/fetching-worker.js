// A dedicated worker, or a shared one, that fetches what it is told to.
const fetchFor = (port) => {
  port.onmessage = ({ data }) => {
    fetch(data).then(
      ({ status }) => port.postMessage(status),
      () => port.postMessage(0),
    );
  };
};

if ("onconnect" in globalThis) globalThis.onconnect = ({ ports: [port] }) => fetchFor(port);
else fetchFor(globalThis);
