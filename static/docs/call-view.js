/**
 * Shows one call: closed, its method, path and a sentence; open, all that it takes and answers.
 */

import { element } from "../page/element.js";

/**
 * @param {import("./document.js").Call} call
 * @returns {HTMLDetailsElement}
 */
export function callView(call) {
  const method = element("span", { class: `method ${call.method.toLowerCase()}` }, call.method);
  const path = element("span", { class: "path" }, call.path);
  const summary = element("summary", {}, method, path, element("span", { class: "sentence" }, call.summary));
  const parts = [
    ...(call.about ? [element("p", {}, ...prose(call.about))] : []),
    ...(call.credentials ? [element("p", { class: "credentials" }, call.credentials)] : []),
    example(call.curl),
    ...(call.parameters.length > 0 ? [element("h3", {}, "Parameters"), parameters(call.parameters)] : []),
    ...call.bodies.flatMap((body) => [element("h3", {}, "Body"), element("p", { class: "type" }, body.type), fieldTable(body.fields)]),
    element("h3", {}, "Answers"),
    ...call.answers.map(answerView),
  ];
  return element("details", { class: "call", id: call.id }, summary, element("div", { class: "call-parts" }, ...parts));
}

/**
 * Text in which `code` stands between backticks.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function prose(text) {
  return text.split("`").map((part, at) => (at % 2 === 1 ? element("code", {}, part) : part));
}

function parameters(all) {
  return fieldTable(all.map((parameter) => ({ ...parameter, name: parameter.place === "query" ? `?${parameter.name}=` : parameter.name })));
}

/** @param {import("./document.js").Field[]} fields */
export function fieldTable(fields) {
  const rows = fields.map(({ name, type, required, about }) => [
    element("dt", {}, element("code", {}, name), " ", element("span", { class: "type" }, type),
      ...(required ? [" ", element("span", { class: "needed" }, "needed")] : [])),
    element("dd", {}, ...prose(about)),
  ]);
  return element("dl", { class: "fields" }, ...rows.flat());
}

/** @param {import("./document.js").Answer} answer */
function answerView({ status, about, headers, bodies }) {
  const summary = element("summary", {}, element("span", { class: `status s${status[0]}` }, status), element("span", {}, ...prose(about)));
  const parts = [
    ...bodies.flatMap((body) => [element("p", { class: "type" }, body.type), fieldTable(come(body.fields))]),
    ...(headers.length > 0 ? [element("h4", {}, "Headers"), fieldTable(come(headers))] : []),
  ];
  return element("details", { class: "answer" }, summary, ...parts);
}

/** What we send nobody needs to be asked for. */
export function come(fields) {
  return fields.map((answered) => ({ ...answered, required: false }));
}

/** A line to try, and a button that copies it where the browser lets us. */
export function example(line) {
  const code = element("pre", { tabindex: "0", "aria-label": "Example" }, element("code", {}, line));
  if (!navigator.clipboard) return element("div", { class: "example" }, code);
  const copy = element("button", { type: "button", class: "quiet" }, "Copy");
  copy.addEventListener("click", async () => {
    const copied = await navigator.clipboard.writeText(line).then(() => true, () => false);
    copy.textContent = copied ? "Copied" : "Select it by hand";
  });
  return element("div", { class: "example" }, code, copy);
}
