"use strict";
// Two keys log a touch: the letter of a kind chooses it and leads to the words, Enter logs.
document.querySelectorAll("form.log").forEach((form) => {
  const words = form.querySelector("input[name=subject]");
  form.querySelectorAll("label[aria-keyshortcuts]").forEach((label) => {
    // A key clicks the label without a pointer; who chooses by mouse stays where they are.
    label.addEventListener("click", (event) => {
      if (event.detail === 0 && event.target === label) setTimeout(() => words.focus());
    });
  });
});
