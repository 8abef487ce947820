"use strict";
// Passkeys: the server says what to ask the device, the device's answer goes into a form.
// Without this file the page offers password and code, and shows no button that does nothing.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const descriptors = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

function readable(options) {
  const made = { ...options, challenge: bytes(options.challenge) };
  if (options.user) made.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) made.excludeCredentials = descriptors(options.excludeCredentials);
  if (options.allowCredentials) made.allowCredentials = descriptors(options.allowCredentials);
  return made;
}

function sendable(credential) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: {},
  };
}

async function options(form) {
  const token = form.elements.csrfmiddlewaretoken.value;
  const answer = await fetch(form.dataset.options, {
    method: "POST",
    headers: { "X-CSRFToken": token },
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.refusal);
  return readable(told);
}

async function ask(form) {
  const publicKey = await options(form);
  const credential = form.hasAttribute("data-enrols")
    ? await navigator.credentials.create({ publicKey })
    : await navigator.credentials.get({ publicKey });
  form.elements.answer.value = JSON.stringify(sendable(credential));
}

function tell(form, words) {
  const said = form.querySelector("[data-passkey-said]");
  said.textContent = words;
  said.hidden = !words;
}

// A word of the browser ("NotAllowedError") helps nobody; the page brings a sentence.
function why(form, error) {
  const said = form.querySelector("[data-passkey-said]").dataset;
  if (error.name === "NotAllowedError") return said.cancelled;
  if (error.name === "InvalidStateError") return said.known;
  if (error.name === "SecurityError") return said.place;
  return error.message || said.cancelled;
}

async function act(event) {
  const button = event.currentTarget;
  const form = button.form;
  const name = form.elements.name;
  if (name && !name.reportValidity()) return;
  button.disabled = true;
  tell(form, "");
  try {
    await ask(form);
    form.elements.do.value = button.dataset.passkey;
    form.submit();
  } catch (error) {
    tell(form, why(form, error));
    button.disabled = false;
  }
}

if (window.PublicKeyCredential) {
  document.querySelectorAll("[data-passkey]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", act);
  });
  document.querySelectorAll("[data-otherwise]").forEach((other) => {
    if (!other.querySelector(".wrong, [role=alert]")) other.open = false;
  });
}
