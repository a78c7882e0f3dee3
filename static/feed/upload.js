import { exchange } from "../client/exchange.js";
import { bearer, errorFrom, parseObject, RequestError } from "../client/http.js";
import { uploadDirectly } from "./direct-upload.js";

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
 * @property {(ms: number) => Promise<void>} [wait]
 * @property {new () => XMLHttpRequest} [XMLHttpRequest]
 */

/** The largest file that goes through the application itself: a little less than one call takes on AWS. */
const MAX_POSTED_BYTES = 4_000_000;

/**
 * Through the application if the file is small enough for it, else into its store directly.
 * @param {UploadRequest} request
 * @returns {Promise<Uploaded>}
 */
export async function upload(request) {
  if (request.file.size > MAX_POSTED_BYTES) return uploadDirectly(request);
  try {
    return await post(request);
  } catch (error) {
    if (error instanceof RequestError && error.status === 413) return uploadDirectly(request);
    throw error;
  }
}

/**
 * @param {UploadRequest} request
 * @returns {Promise<Uploaded>}
 */
async function post({ file, params = [], token, onProgress, signal, XMLHttpRequest }) {
  const body = uploadForm(file, params);
  const { status, text } = await exchange({ method: "POST", url: "/media_post/", headers: bearer(token), body, onProgress, signal, XMLHttpRequest });
  return readUploaded(status, text);
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
  if (typeof mediaId !== "string") throw new RequestError("The server's answer made no sense.", { status, code: "SENSELESS" });
  return { media_id: mediaId, filename: String(filename ?? ""), saved_to: String(savedTo ?? ""), status: String(sentence ?? "") };
}
