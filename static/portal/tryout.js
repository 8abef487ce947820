"use strict";
// Tries calls of the API from its page: fields are made from the OpenAPI document, the token is
// kept nowhere, and what comes back is shown as text.
const form = document.querySelector("#tryout");
const part = (id) => document.querySelector(`#try-${id}`);
let described = null;

function made(tag, attributes = {}, text = "") {
  const node = Object.assign(document.createElement(tag), attributes);
  if (text) node.textContent = text;
  return node;
}

function resolved(schema = {}) {
  const choice = schema.anyOf?.find((one) => one.type !== "null");
  if (choice) return resolved(choice);
  if (!schema.$ref) return schema;
  return described.components.schemas[schema.$ref.split("/").pop()];
}

function example(schema) {
  const known = resolved(schema);
  if (known.default !== undefined) return known.default;
  if (known.enum) return known.enum[0];
  if (known.type === "array") return [example(known.items)];
  if (known.type === "object") {
    const wanted = known.required ?? Object.keys(known.properties ?? {}).slice(0, 4);
    return Object.fromEntries(wanted.map((name) => [name, example(known.properties[name])]));
  }
  return { integer: 1, boolean: true }[known.type] ?? "";
}

function chosen() {
  const key = part("call").value;
  for (const [path, methods] of Object.entries(described.paths)) {
    for (const [method, call] of Object.entries(methods)) {
      if (call.operationId === key) return { path, method: method.toUpperCase(), call };
    }
  }
  return null;
}

function field(one) {
  const schema = resolved(one.schema);
  const id = `try-${one.in}-${one.name}`;
  const box = made("div", { className: "field" });
  const label = made("label", { className: "lab", htmlFor: id }, `${one.name} `);
  label.append(made("small", {}, one.required ? form.dataset.needed : one.in));
  const control = schema.enum ? made("select", { className: "in wide" }) : made("input", { className: "in wide" });
  (schema.enum ? ["", ...schema.enum] : []).forEach((value) => control.append(made("option", { value }, value || "–")));
  Object.assign(control, { id, name: one.name, required: Boolean(one.required) });
  control.dataset.where = one.in;
  box.append(label, control);
  return box;
}

function body(call) {
  const content = call.requestBody?.content?.["application/json"];
  if (!content) return [];
  const box = made("div", { className: "field" });
  const text = made("textarea", { className: "in wide", id: "try-sent", rows: 8, spellcheck: false });
  text.value = JSON.stringify(example(content.schema), null, 2);
  box.append(made("label", { className: "lab", htmlFor: "try-sent" }, form.dataset.body), text);
  return [box];
}

function show() {
  const { call } = chosen();
  const parts = made("div", { className: "parts" });
  parts.append(...(call.parameters ?? []).map(field));
  part("fields").replaceChildren(parts, ...body(call));
}

function request() {
  const { path, method, call } = chosen();
  const headers = { Authorization: `Bearer ${part("token").value.trim()}`, Accept: "application/json" };
  const query = new URLSearchParams();
  let where = path;
  for (const control of form.querySelectorAll("[data-where]")) {
    if (control.dataset.where === "path") where = where.replace(`{${control.name}}`, encodeURIComponent(control.value));
    else if (control.value && control.dataset.where === "query") query.append(control.name, control.value);
    else if (control.value) headers[control.name] = control.value;
  }
  const sent = form.querySelector("#try-sent")?.value;
  if (call.requestBody && sent.trim()) headers["Content-Type"] = "application/json";
  const options = { method, headers, credentials: "omit", cache: "no-store", redirect: "error" };
  if (headers["Content-Type"]) options.body = sent;
  return [query.size ? `${where}?${query}` : where, options];
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function command(where, { method, headers, body: sent }) {
  const lines = [`curl -X ${method} ${quoted(location.origin + where)}`];
  for (const [name, value] of Object.entries(headers)) {
    lines.push(name === "Authorization" ? `-H "Authorization: Bearer $TOKEN"` : `-H ${quoted(`${name}: ${value}`)}`);
  }
  if (sent) lines.push(`--data ${quoted(sent)}`);
  return lines.join(" \\\n  ");
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function send(event) {
  event.preventDefault();
  const say = (text) => { part("state").textContent = text; };
  if (!part("token").value.trim()) { say(form.dataset.token); part("token").focus(); return; }
  const [where, options] = request();
  try {
    if (options.body) JSON.parse(options.body);
  } catch {
    say(form.dataset.json);
    return;
  }
  say(form.dataset.wait);
  try {
    const answer = await fetch(where, options);
    part("status").textContent = `${answer.status} ${answer.statusText}`;
    part("headers").textContent = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    part("body").textContent = pretty(await answer.text());
    part("curl").textContent = command(where, options);
    part("answer").hidden = false;
    say("");
  } catch {
    say(form.dataset.lost);
  }
}

async function begin() {
  described = await (await fetch(form.dataset.openapi)).json();
  form.hidden = false;
  document.querySelector("[data-without]").hidden = true;
  for (const place of document.querySelectorAll("[data-try]")) {
    place.hidden = false;
    place.addEventListener("click", () => {
      part("call").value = place.dataset.try;
      show();
      document.querySelector("#try").scrollIntoView();
      part("token").focus({ preventScroll: true });
    });
  }
  part("call").addEventListener("change", show);
  form.addEventListener("submit", send);
  show();
}

begin();
