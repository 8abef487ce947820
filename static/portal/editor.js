"use strict";
// The editor: which rows are unfolded goes along with the form, and a choice that decides
// what is asked next draws the form anew. Without it a button does the same.

document.addEventListener(
  "toggle",
  (event) => {
    const open = event.target.closest(".item")?.querySelector(":scope > input[name$='-open_']");
    if (open && event.target.parentElement === open.parentElement) {
      open.value = event.target.open ? "1" : "";
    }
  },
  true,
);

// Beside a stage that somebody unfolds stands how many leads its criteria let in.
document.addEventListener("click", (event) => {
  const row = event.target.closest(".item > details > summary")?.parentElement;
  if (!row?.querySelector(".criteria")) return;
  setTimeout(() => row.open && row.dispatchEvent(new Event("change", { bubbles: true })), 0);
});

document.addEventListener(
  "change",
  (event) => {
    if (!event.target.matches("[data-redraws]")) return;
    event.stopPropagation();
    document.getElementById("redraw")?.click();
  },
  true,
);

// A row that was moved keeps the focus; on a page that is loaded, autofocus does the same.
document.addEventListener("htmx:afterSettle", () => {
  const moved = document.querySelector("[data-focused]");
  moved?.focus();
  moved?.removeAttribute("data-focused");
});
