/**
 * Reads an OpenAPI document: what the page shows of it, without any page.
 *
 * @typedef {Record<string, any>} Json
 * @typedef {{name: string, type: string, required: boolean, about: string}} Field
 * @typedef {{type: string, fields: Field[]}} Body
 * @typedef {{status: string, about: string, headers: Field[], bodies: Body[]}} Answer
 * @typedef {{id: string, method: string, path: string, summary: string, about: string, credentials: string,
 *   parameters: (Field & {place: string})[], bodies: Body[], answers: Answer[], curl: string}} Call
 * @typedef {{name: string, about: string, calls: Call[]}} Group
 */

import { curl } from "./curl.js";

const METHODS = ["get", "post", "put", "patch", "delete"];
/** How deep fields in fields are shown. */
const DEEPEST = 2;

/**
 * All calls, in the groups and the order of the document.
 * @param {Json} document
 * @param {string} origin  of the server, for the examples
 * @returns {Group[]}
 */
export function groups(document, origin) {
  const calls = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => [item[method].tags?.[0], call(document, origin, path, method, item[method])]));
  const named = (document.tags ?? []).map(({ name, description = "" }) => ({ name, about: description }));
  const all = named.map((group) => ({ ...group, calls: calls.filter(([tag]) => tag === group.name).map(([, found]) => found) }));
  return all.filter((group) => group.calls.length > 0);
}

/** @returns {Call} */
function call(document, origin, path, method, operation) {
  const parameters = (operation.parameters ?? []).map((parameter) => resolve(document, parameter));
  return {
    id: operation.operationId ?? `${method}${path}`,
    method: method.toUpperCase(),
    path,
    summary: operation.summary ?? "",
    about: operation.description ?? "",
    credentials: credentials(operation.security),
    parameters: parameters.map((parameter) => ({ ...field(document, parameter.name, parameter.schema, parameter), place: parameter.in })),
    bodies: bodies(document, operation.requestBody && resolve(document, operation.requestBody)),
    answers: Object.entries(operation.responses ?? {}).map(([status, answer]) => answerOf(document, status, resolve(document, answer))),
    curl: curl({ origin, path, method, operation, parameters, resolve: (value) => resolve(document, value) }),
  };
}

/** @returns {Answer} */
function answerOf(document, status, answer) {
  const headers = Object.entries(answer.headers ?? {}).map(([name, header]) => {
    const { schema, description } = resolve(document, header);
    return field(document, name, schema, { description });
  });
  return { status, about: answer.description ?? "", headers, bodies: bodies(document, answer) };
}

/** Content types that mean the same are one. @returns {Body[]} */
function bodies(document, holder) {
  const known = new Map();
  for (const [type, { schema = {} }] of Object.entries(holder?.content ?? {})) {
    const key = JSON.stringify(schema);
    known.set(key, { types: [...(known.get(key)?.types ?? []), type], schema });
  }
  return [...known.values()].map(({ types, schema }) => ({ type: types.join(", "), fields: fields(document, schema) }));
}

/**
 * The fields of an object, those of objects in it as `user.id`, of lists as `[].id`.
 * @returns {Field[]}
 */
export function fields(document, schema, before = "", depth = 0) {
  const shape = resolve(document, schema);
  if (shape.allOf) return shape.allOf.flatMap((part) => fields(document, part, before, depth));
  if (shape.type === "array") return fields(document, shape.items ?? {}, `${before}[].`, depth);
  const own = Object.entries(shape.properties ?? {}).flatMap(([name, value]) => {
    const shown = field(document, before + name, value, { required: shape.required?.includes(name) });
    const inner = depth < DEEPEST ? fields(document, value, `${before}${name}.`, depth + 1) : [];
    return [shown, ...inner];
  });
  const others = shape.additionalProperties;
  if (typeof others !== "object" || !others.description) return own;
  return [...own, { name: `${before}…`, type: typeName(document, others), required: false, about: others.description }];
}

/** @returns {Field} */
function field(document, name, schema = {}, { required = false, description = "" }) {
  return { name, type: typeName(document, schema), required: Boolean(required), about: description || schema.description || "" };
}

/**
 * A type in words: `string or null`, `list of integer`, `"member" or "admin"`.
 * @returns {string}
 */
export function typeName(document, schema) {
  const shape = resolve(document, schema);
  if (shape.enum) return shape.enum.map((value) => JSON.stringify(value)).join(" or ");
  const choices = shape.oneOf ?? shape.anyOf;
  if (choices) return choices.map((choice) => typeName(document, choice)).join(" or ");
  const types = [shape.type ?? "anything"].flat();
  const worded = types.map((type) => (type === "array" ? `list of ${typeName(document, shape.items ?? {})}` : type));
  const format = shape.format && !shape.format.startsWith("int") ? ` (${shape.format})` : "";
  return worded.join(" or ") + format;
}

/** What a reference stands for. @returns {Json} */
export function resolve(document, value) {
  if (typeof value?.$ref !== "string") return value ?? {};
  const found = value.$ref.replace(/^#\//, "").split("/").reduce((place, name) => place?.[name], document);
  return found ?? {};
}

/** Who may call, in words. */
function credentials(security) {
  if (!security?.length) return "";
  const ways = security.flatMap((way) => Object.keys(way));
  const optional = security.some((way) => Object.keys(way).length === 0);
  const named = ways.map((way) => ({ bearer: "Authorization: Bearer", cookie: "the session cookie", token: "?token=" })[way] ?? way);
  return `${optional ? "May be signed in" : "Signed in"}, by ${named.join(" or ")}`;
}
