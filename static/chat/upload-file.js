import { exchange } from "../client/exchange.js";
import { bearer, errorFrom, parseObject, RequestError } from "../client/http.js";
import { t } from "../text/text.js";

/**
 * Sends a file that a message, or a room, is to show.
 *
 * @typedef {{media_id: string, content_type: string}} Stored
 *
 * @typedef {object} FileUpload
 * @property {File} file
 * @property {string} token
 * @property {(part: number) => void} onProgress  from 0 to 1
 * @property {AbortSignal} signal
 * @property {() => Promise<boolean>} mayPublish  whether a file that is too large for the application may be seen by all
 * @property {new () => XMLHttpRequest} [XMLHttpRequest]
 */

/** The largest file that goes through the application itself: a little less than one call takes on AWS. */
const MAX_POSTED_BYTES = 4_000_000;

/**
 * Through the application, which keeps it for the readers of its message. What is too large for that goes into the store
 * directly, and becomes a medium that everybody on this server is told of: only if its owner says so.
 * @param {FileUpload} upload
 * @returns {Promise<Stored>}
 */
export async function uploadFile(upload) {
  if (upload.file.size > MAX_POSTED_BYTES) return publish(upload);
  try {
    return await post(upload);
  } catch (error) {
    if (/** @type {any} */ (error).status === 413) return publish(upload);
    throw error;
  }
}

/** @param {FileUpload} upload @returns {Promise<Stored>} */
async function post({ file, token, onProgress, signal, XMLHttpRequest }) {
  const body = new FormData();
  body.append("file", file, file.name || "picture.png");
  const { status, text } = await exchange({
    method: "POST", url: "/api/upload-file/", headers: bearer(token), body, signal, XMLHttpRequest,
    onProgress: (sent, total) => onProgress(total > 0 ? sent / total : 0),
  });
  if (status === 404 || status === 405) throw new RequestError(t("chat.noFiles"));
  if (status < 200 || status > 299) throw errorFrom(status, text);
  const { media_id: id, content_type: type } = parseObject(text);
  if (typeof id !== "string") throw new RequestError(t("error.SENSELESS"), { status, code: "SENSELESS" });
  return { media_id: id, content_type: String(type ?? file.type) };
}

/** @param {FileUpload} upload @returns {Promise<Stored>} */
async function publish({ file, token, onProgress, signal, mayPublish, XMLHttpRequest }) {
  if (!(await mayPublish())) throw new RequestError(t("error.CANCELLED"), { code: "CANCELLED" });
  const { uploadDirectly } = await import("../feed/direct-upload.js");
  const { media_id: id } = await uploadDirectly({
    file, token, signal, XMLHttpRequest, onProgress: (sent, total) => onProgress(total > 0 ? sent / total : 0),
  });
  return { media_id: id, content_type: file.type };
}
