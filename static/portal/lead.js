"use strict";
// Two keys log a touch: the letter of a kind chooses it and leads to the words, Enter logs.
// A key clicks the label without a pointer; who chooses by mouse stays where they are.
document.addEventListener("click", (event) => {
  const label = event.target.closest?.("form.log label[aria-keyshortcuts]");
  if (event.detail !== 0 || event.target !== label) return;
  setTimeout(() => label.form?.querySelector("input[name=subject]").focus());
});

// What an act left behind is read from its beginning, and nothing scrolls.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.requestConfig?.verb !== "post" || document.activeElement !== document.body) return;
  document.querySelector("#main")?.focus({ preventScroll: true });
});
