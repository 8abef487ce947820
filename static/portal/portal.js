"use strict";
// What the pages cannot say in HTML. Everything works without it, by mouse and by keyboard.

const all = (css, root = document) => [...root.querySelectorAll(css)];
const one = (css, root = document) => root.querySelector(css);

// --- keys: they act on the row that is marked, else on the page's own act
const rows = () => all("form.row");
const marked = () => one("form.row.on") || rows()[0];

function mark(step) {
  const list = rows();
  const next = list[list.indexOf(marked()) + step];
  if (!next) return;
  list.forEach((row) => row.classList.toggle("on", row === next));
  one("h3 a", next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function act(key) {
  const css = `[aria-keyshortcuts="${CSS.escape(key)}"]`;
  const row = marked();
  const control = (row && one(css, row)) || all(css).find((found) => !found.closest("form.row"));
  if (!control || control.matches("input")) return false;
  control.click(); // htmx sends the button that was clicked, and no other submitter
  return true;
}

const KEYS = {
  j: () => mark(1),
  k: () => mark(-1),
  "/": () => one("#q")?.focus(),
  "?": () => one("#all-keys")?.togglePopover(),
};

function typing(target) {
  return target.isContentEditable || target.matches("input, textarea, select");
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus();
  const off = document.body.dataset.keys === "off";
  if (off || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.key.length !== 1 || typing(event.target) || one("dialog:modal")) return;
  if (KEYS[event.key]) {
    KEYS[event.key]();
    event.preventDefault();
  } else if (act(event.key)) event.preventDefault();
});

// The mouse and the tabulator choose the row, too.
document.addEventListener("focusin", (event) => {
  const row = event.target.closest("form.row");
  if (row) rows().forEach((other) => other.classList.toggle("on", other === row));
});

// --- menus close on Escape and on a click elsewhere
const MENUS = "details.more[open], details.me[open]";

function closeMenus() {
  all(MENUS).forEach((menu) => {
    menu.open = false;
    if (menu.contains(document.activeElement)) one("summary", menu).focus();
  });
}

document.addEventListener("click", (event) => {
  all(MENUS).forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

// --- the theme changes without loading the page again
document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (button?.name !== "theme") return;
  event.preventDefault();
  const answer = await fetch(event.target.action, {
    method: "POST",
    body: new FormData(event.target, button),
    redirect: "manual",
  });
  if (answer.type !== "opaqueredirect") return location.reload();
  if (button.value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = button.value;
  all("button[name=theme]").forEach((other) => other.removeAttribute("aria-current"));
  button.setAttribute("aria-current", "true");
});

// --- what came with the page, or was swapped into it
function settle(root) {
  all("svg[data-focus]", root).forEach((drawing) => {
    const box = drawing.closest(".scroll");
    if (box) box.scrollLeft = drawing.dataset.focus * box.scrollWidth - box.clientWidth * 0.8;
  });
  all(".chips > [aria-current]", root).forEach((chip) => {
    const box = chip.parentElement;
    box.scrollLeft = chip.offsetLeft - box.offsetLeft - 16;
  });
  all(".tip[data-left]", root).forEach((tip) => {
    // What happened stays said, so that nothing moves; only its way back goes.
    setTimeout(() => tip.classList.add("over"), tip.dataset.left * 1000);
  });
}

function say(words) {
  const said = one("#said");
  if (!said || !words) return;
  said.textContent = words;
  said.hidden = false;
}

settle(document);
document.addEventListener("htmx:load", (event) => settle(event.detail.elt.parentElement || document));
document.addEventListener("htmx:beforeRequest", () => {
  const said = one("#said");
  if (said) said.hidden = true;
});
document.addEventListener("htmx:sendError", () => say(one("#said")?.dataset.offline));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) location.reload();
  else say(one("#said")?.dataset.failed);
});
