/**
 * A line for a shell that makes a call: with the example that the document gives; else with what the call needs, or, where
 * nothing is needed, with all that it takes.
 */

/** What stands for a value that only the caller knows. */
const SAMPLES = {
  username: "ann",
  email: "ann@example.org",
  display_name: "Ann",
  filename: "song.mp3",
  content_type: "audio/mpeg",
  media_id: "904cb473-5d17-4885-9363-46f466a7d140",
};

/** @returns {string} */
export function curl({ origin, path, method, operation, parameters, resolve }) {
  const query = parameters.filter(({ in: place, required }) => place === "query" && required);
  const asked = query.map(({ name }) => `${name}=${sample(name, {})}`).join("&");
  const url = origin + path.replace(/\{(\w+)\}/g, (_, name) => name.toUpperCase()) + (asked && `?${asked}`);
  const parts = ["curl"];
  if (method !== "get") parts.push("-X", method.toUpperCase());
  parts.push(quoted(url));
  const security = operation.security ?? [];
  // The shell is to fill the token in: so these quotes are double.
  if (security.length > 0) parts.push("-H", '"Authorization: Bearer $TOKEN"');
  return [...parts, ...body(operation, resolve)].join(" ");
}

function body(operation, resolve) {
  const content = operation.requestBody ? resolve(operation.requestBody).content : {};
  if (content["application/json"]) {
    const schema = resolve(content["application/json"].schema);
    const values = Object.entries(wanted(schema)).map(([name, value]) => [name, sample(name, resolve(value))]);
    const object = schema.example ?? Object.fromEntries(values);
    return ["-H", "'Content-Type: application/json'", "-d", quoted(JSON.stringify(object))];
  }
  const form = content["multipart/form-data"];
  if (!form) return [];
  const files = Object.entries(wanted(resolve(form.schema)));
  return files.flatMap(([name, schema]) => ["-F", quoted(`${name}=${resolve(schema).format === "binary" ? "@song.mp3" : sample(name, {})}`)]);
}

/** The fields that must be there, or all of them. */
function wanted({ properties = {}, required = [] }) {
  const needed = Object.entries(properties).filter(([name]) => required.includes(name));
  return needed.length > 0 ? Object.fromEntries(needed) : properties;
}

function sample(name, schema) {
  const type = [schema.type ?? "string"].flat()[0];
  if (type === "integer" || type === "number") return schema.minimum ?? 1;
  if (type === "boolean") return true;
  return SAMPLES[name] ?? name.toUpperCase();
}

/** For a POSIX shell. */
function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
