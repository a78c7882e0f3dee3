import { errorFrom, parseObject, RequestError, unreachable } from "./http.js";

/**
 * Sends one file to the server.
 *
 * @typedef {{media_id: string, filename: string, saved_to: string, status: string}} Uploaded
 *
 * @typedef {object} UploadRequest
 * @property {File} file
 * @property {[name: string, value: string][]} [params]  sent along with the file
 * @property {string} token
 * @property {(sent: number, total: number) => void} [onProgress]  bytes
 * @property {AbortSignal} [signal]
 * @property {new () => XMLHttpRequest} [XMLHttpRequest]
 */

/**
 * `XMLHttpRequest`, because `fetch` can't tell how much of a body has been sent.
 * @param {UploadRequest} request
 * @returns {Promise<Uploaded>}
 */
export function upload({ file, params = [], token, onProgress, signal, XMLHttpRequest = globalThis.XMLHttpRequest }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/media_post/");
    request.withCredentials = true;
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress?.(event.loaded, event.total);
    request.onload = () => {
      try {
        resolve(readUploaded(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new RequestError("The upload was cancelled.", { code: "CANCELLED" }));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(uploadForm(file, params));
  });
}

/**
 * The parameters come first, so that the server knows them when the file begins.
 * @param {File} file
 * @param {[name: string, value: string][]} params
 */
export function uploadForm(file, params) {
  const form = new FormData();
  for (const [name, value] of params) {
    if (name.trim() !== "") form.append(name.trim(), value);
  }
  form.append("file", file, file.name);
  return form;
}

/**
 * @param {number} status
 * @param {string} body
 * @returns {Uploaded}
 */
function readUploaded(status, body) {
  if (status < 200 || status > 299) throw errorFrom(status, body);
  const { media_id: mediaId, filename, saved_to: savedTo, status: sentence } = parseObject(body);
  if (typeof mediaId !== "string") throw new RequestError("The server's answer made no sense.", { status });
  return { media_id: mediaId, filename: String(filename ?? ""), saved_to: String(savedTo ?? ""), status: String(sentence ?? "") };
}
