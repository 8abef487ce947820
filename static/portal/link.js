"use strict";
// The secret of a one-time link stands behind its "#", which no browser sends and no server logs.
// It goes in the body of the form, and out of the address. Without script one pastes the link.

function open() {
  const form = document.querySelector("form[data-link]");
  const secret = location.hash.slice(1);
  if (!form || !secret) return;
  history.replaceState(null, "", location.pathname);
  form.elements.link.value = secret;
  form.submit();
}

addEventListener("hashchange", open);
open();
