/* What a filter form leaves in the address and in the history. Without this file the server takes empty fields out. */
(() => {
  "use strict";

  // An empty field says nothing: it would only make an address long. Both the browser and htmx send what is left here.
  document.addEventListener("formdata", (event) => {
    if (event.target.method !== "get") return;
    for (const name of new Set(event.formData.keys())) {
      const filled = event.formData.getAll(name).filter((value) => value !== "");
      event.formData.delete(name);
      filled.forEach((value) => event.formData.append(name, value));
    }
  });

  const address = (path, fields) => `${path}?${new URLSearchParams(fields)}`;
  const form = document.querySelector("form.filters[hx-push-url]");
  if (!form) return;
  let shown = address(new URL(form.action).pathname, new FormData(form));

  // A choice is asked for when it changes and again with the button: what is shown already is no step back.
  document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
    const update = event.detail.history;
    const asked = new URL(update.path, document.baseURI);
    const next = address(asked.pathname, asked.search);
    if (update.type === "push" && next === shown) update.type = "replace";
    shown = next;
  });
})();
