"use strict";
// The editor: which rows are unfolded goes along with the form, and a choice that decides
// what is asked next draws the form anew. Without it a button does the same.

document.addEventListener(
  "toggle",
  (event) => {
    const open = event.target.closest(".item")?.querySelector(":scope > input[name$='-open_']");
    if (open) open.value = event.target.open ? "1" : "";
  },
  true,
);

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-redraws]")) return;
  event.stopPropagation();
  document.getElementById("redraw")?.click();
}, true);
