/** Runs in a page: requests a URL in a web worker of its own, and gives the response's status. */
export const fetchInWebWorker = (url: string): Promise<number> =>
  new Promise((resolve) => {
    const source = "onmessage = ({ data }) => fetch(data).then(({ status }) => postMessage(status))";
    const worker = new Worker(URL.createObjectURL(new Blob([source])));
    worker.onmessage = ({ data }: MessageEvent<number>) => {
      worker.terminate();
      resolve(data);
    };
    worker.postMessage(new URL(url, location.href).href);
  });
