"use strict";
// The desk: dialogs over it, the row that stays chosen, arrows. All of it works without.

const desk = () => document.querySelector("#desk");
const over = document.querySelector("#over");
const listed = () => [...document.querySelectorAll("form.row")];

// --- dialogs open over the desk instead of in its place
async function load(url, options = {}) {
  const answer = await fetch(url, { credentials: "same-origin", ...options });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { answer, main: page.querySelector("#main") };
}

function show(main, url) {
  over.dataset.url = url;
  over.replaceChildren(...main.children);
  over.querySelectorAll("form:not([action])").forEach((form) => form.setAttribute("action", url));
  if (!over.open) over.showModal();
  const wrong = over.querySelector(".wrong :is(input, textarea, select)");
  const key = over.querySelector("button[aria-keyshortcuts]"); // choices that a key makes
  (wrong || key || over.querySelector("input:not([type=hidden]), select, textarea"))?.focus();
}

async function open(link) {
  const { answer, main } = await load(link.href);
  if (!answer.ok || !main) return location.assign(link.href);
  show(main, link.href);
}

function refresh() {
  return htmx.ajax("GET", location.href, { target: "#desk", swap: "outerHTML" });
}

document.addEventListener("click", (event) => {
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  const link = event.target.closest("a[href]");
  if (!over || !link || !plain) return;
  const url = new URL(link.href, location.href);
  if (over.contains(link) && url.pathname === location.pathname) {
    event.preventDefault();
    over.close();
  } else if (link.closest("form.row") && url.searchParams.get("from") === "desk") {
    event.preventDefault();
    open(link);
  }
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!over?.contains(form) || form.method !== "post") return;
  event.preventDefault();
  const url = new URL(form.getAttribute("action") || over.dataset.url, location.href);
  const { answer, main } = await load(url, {
    method: "POST",
    body: new FormData(form, event.submitter),
  });
  const home = new URL(answer.url).pathname === location.pathname;
  if (answer.ok && (home || answer.redirected)) {
    over.close();
    await refresh();
  } else if (main) show(main, url.href);
});

over?.addEventListener("close", () => over.replaceChildren());

// --- after a swap the same row is marked, or the one that took its place
let place = { id: "", index: 0 };

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "desk") return;
  const on = document.querySelector("form.row.on");
  place = { id: on?.id, index: Math.max(listed().indexOf(on), 0), focused: on?.contains(document.activeElement) };
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "desk" && event.detail.elt?.id !== "desk") return;
  const rows = listed();
  const next = document.getElementById(place.id) || rows[Math.min(place.index, rows.length - 1)];
  if (!next?.matches("form.row")) return;
  rows.forEach((row) => row.classList.toggle("on", row === next));
  if (place.focused) next.querySelector("h3 a").focus({ preventScroll: true });
});

// --- arrows move as j and k do, while a row has the focus; x chooses it
document.addEventListener("keydown", (event) => {
  if (document.body.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = document.activeElement.closest?.("form.row");
  const choice = over?.open && /^\d$/.test(event.key) && `[aria-keyshortcuts="${event.key}"]`;
  const typing = document.activeElement.matches?.("select, textarea, input:not([type=checkbox])");
  if (row && !typing && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const rows = listed();
    const next = rows[rows.indexOf(row) + (event.key === "ArrowDown" ? 1 : -1)];
    next?.querySelector("h3 a").focus();
    event.preventDefault();
  } else if (choice && !typing) over.querySelector(choice)?.click();
  else if (event.key === "x" && !typing && !over?.open) {
    const box = document.querySelector("form.row.on .tick input");
    if (box) box.click();
  }
});
