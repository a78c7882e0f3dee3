import { RequestError, unreachable } from "./http.js";

/**
 * One request and its answer, with word of how much of the body has been sent.
 *
 * @typedef {object} Exchange
 * @property {string} method
 * @property {string} url
 * @property {Record<string, string>} [headers]
 * @property {XMLHttpRequestBodyInit} [body]
 * @property {boolean} [withCredentials]  to our own server yes, to a store that checks signatures no
 * @property {(sent: number, total: number) => void} [onProgress]  bytes
 * @property {AbortSignal} [signal]
 * @property {new () => XMLHttpRequest} [XMLHttpRequest]
 */

/** What a browser sets by itself, and lets no page set. */
const SET_BY_THE_BROWSER = new Set(["content-length", "host"]);

export const cancelled = () => new RequestError("The upload was cancelled.", { code: "CANCELLED" });

/**
 * `XMLHttpRequest`, because `fetch` can't tell how much of a body has been sent.
 * @param {Exchange} exchange
 * @returns {Promise<{status: number, text: string}>}
 */
export function exchange({ method, url, headers = {}, body, withCredentials = true, onProgress, signal, XMLHttpRequest = globalThis.XMLHttpRequest }) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled());
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.withCredentials = withCredentials;
    for (const [name, value] of Object.entries(headers)) {
      if (!SET_BY_THE_BROWSER.has(name.toLowerCase())) request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => event.lengthComputable && onProgress?.(event.loaded, event.total);
    request.onload = () => resolve({ status: request.status, text: request.responseText });
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(cancelled());
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(body);
  });
}
