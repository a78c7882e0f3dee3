import { cancelled, exchange } from "../client/exchange.js";
import { bearer, errorFrom, parseObject, RequestError } from "../client/http.js";

/**
 * Sends one file past the application, straight into its store: announced first, then put there, then waited for.
 *
 * @typedef {import("./upload.js").Uploaded} Uploaded
 * @typedef {import("./upload.js").UploadRequest} UploadRequest
 */

/** The pause between two questions whether the medium is there, and how many are asked. */
const PAUSE_MS = 500;
const QUESTIONS = 120;

/**
 * @param {UploadRequest} request
 * @returns {Promise<Uploaded>}
 */
export async function uploadDirectly(request) {
  const leave = await announce(request);
  await put(request, leave);
  await arrival(request, leave.media_id);
  return { media_id: leave.media_id, filename: request.file.name, saved_to: "", status: "File saved" };
}

/** @param {UploadRequest} request */
async function announce({ file, params = [], token, signal, XMLHttpRequest }) {
  const fields = Object.fromEntries(params.map(([name, value]) => [name.trim(), value]).filter(([name]) => name !== ""));
  const body = JSON.stringify({ ...fields, filename: file.name, content_type: file.type, size: file.size });
  const headers = { ...bearer(token), "Content-Type": "application/json" };
  const { status, text } = await exchange({ method: "POST", url: "/api/uploads/", headers, body, signal, XMLHttpRequest });
  if (status < 200 || status > 299) throw errorFrom(status, text);
  const leave = parseObject(text);
  if (typeof leave.media_id !== "string" || typeof leave.url !== "string") {
    throw new RequestError("The server's answer made no sense.", { status, code: "SENSELESS" });
  }
  return leave;
}

/** @param {UploadRequest} request @param {Record<string, any>} leave */
async function put({ file, onProgress, signal, XMLHttpRequest }, { method, url, headers }) {
  const { status } = await exchange({ method, url, headers, body: file, withCredentials: false, onProgress, signal, XMLHttpRequest });
  // The store's answers are not for people; ours have sentences.
  if (status < 200 || status > 299) throw errorFrom(status, "");
}

/**
 * Waits until the application has made a medium of the bytes.
 * @param {UploadRequest} request
 * @param {string} mediaId
 */
async function arrival({ token, signal, wait = pause, XMLHttpRequest }, mediaId) {
  const url = `/media_get/?${new URLSearchParams({ media_id: mediaId })}`;
  for (let question = 0; question < QUESTIONS; question++) {
    const { status } = await exchange({ method: "HEAD", url, headers: bearer(token), signal, XMLHttpRequest });
    if (status === 200) return;
    if (status !== 404) throw errorFrom(status, "");
    await wait(PAUSE_MS);
    if (signal?.aborted) throw cancelled();
  }
  throw new RequestError("The file was sent, but it has not arrived yet.", { code: "NOT_ARRIVED" });
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
