// Texts that would do harm if they ever became markup or script, and a watch that notices if one does.

/** Each fits into a name: at most 40 characters, all of them visible. */
export const SHORT = [
  "<script>__xss=1</script>",
  "<img src=x onerror=__xss=1>",
  "<svg onload=__xss=1>",
  "\"><svg/onload=__xss=1>",
  "' onfocus=__xss=1 autofocus x='",
  "</textarea><script>__xss=1</script>",
  "</title><iframe srcdoc='<script>'>",
  "javascript:__xss=1//",
  "{{7*7}} ${__xss=1} <%= 7*7 %>",
  "&lt;b&gt; &#x3C;script&#x3E;",
  "W".repeat(40),
];

/** What longer texts can hold, too: overrides of direction, addresses that break out, and a word wider than any window. */
export const LONG = [
  ...SHORT,
  "\u202eright to left\u2066 \u2069\u2069",
  "https://x.example/\"onmouseover=\"__xss=1",
  "https://x.example/<script>__xss=1</script>",
  "<a href=\"javascript:__xss=1\">here</a> <math><mtext></p><style><img src onerror=__xss=1>",
  "w".repeat(400),
];

/**
 * Runs in the page before all else: complains in the console when something of a text has become an element that a page of ours never
 * makes, an attribute that runs, or a script that ran. Pages that complain fail their scenario.
 */
export function watch() {
  Object.defineProperty(window, "__xss", { set: () => console.error("a text ran as a script") });
  const isOurs = (part) => part.type === "module" && part.getAttribute("src")?.startsWith("./");
  // A preview of a picture is data, and nothing in a picture runs.
  const runs = (part, name, value) => /^\s*(javascript|vbscript):/i.test(value) && /^(href|src|xlink:href|action|formaction)$/.test(name)
    || (/^\s*data:/i.test(value) && /href$/.test(name) && part.localName !== "img");
  const isHarmful = (part) => ["iframe", "object", "embed", "base", "math", "marquee"].includes(part.localName)
    || (part.localName === "script" && !isOurs(part))
    || [...part.attributes].some(({ name, value }) => name.startsWith("on") || name === "srcdoc" || runs(part, name, value));
  const judge = (node) => {
    if (!(node instanceof Element)) return;
    for (const part of [node, ...node.querySelectorAll("*")]) if (isHarmful(part)) console.error(`a text became ${part.outerHTML.slice(0, 120)}`);
  };
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) [target, ...addedNodes].forEach(judge);
  }).observe(document, { childList: true, subtree: true, attributes: true });
}
