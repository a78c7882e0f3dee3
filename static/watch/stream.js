/**
 * A stream by HTTP Live Streaming: by the browser itself where it knows how, else by hls.js, which is loaded only then.
 */

const TYPE = "application/vnd.apple.mpegurl";

/** The pages' policy allows no script that is made of text, as a worker would be, and no track from a data address, as cues would need. */
const SETTINGS = { enableWorker: false, enableID3MetadataCues: false, enableEmsgMetadataCues: false, enableDateRangeMetadataCues: false };

/** Whether an address names a playlist. @param {string} source */
export const isStream = (source) => /\.m3u8$/i.test(source.split(/[?#]/)[0]);

/**
 * @param {HTMLVideoElement} video
 * @param {string} source
 * @param {() => void} fail
 * @returns {() => void}  ends it
 */
export function attachStream(video, source, fail) {
  if (video.canPlayType(TYPE)) {
    video.src = source;
    return () => undefined;
  }
  let end = () => undefined;
  let isOver = false;
  import("../vendor/hls.light.min.mjs").then(({ default: Hls }) => {
    if (isOver) return;
    if (!Hls.isSupported()) return fail();
    const stream = new Hls(SETTINGS);
    end = () => stream.destroy();
    stream.on(Hls.Events.ERROR, (/** @type {unknown} */ _, /** @type {{fatal: boolean}} */ { fatal }) => fatal && fail());
    stream.loadSource(source);
    stream.attachMedia(video);
  }, fail);
  return () => {
    isOver = true;
    end();
  };
}
