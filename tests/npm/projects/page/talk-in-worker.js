import { report, servers } from "./report.js";

const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
const heard = new Promise((resolve, reject) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
});
worker.postMessage(servers);
report(heard);
