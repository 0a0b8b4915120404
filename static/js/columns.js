/* Which required fields of an export were chosen, while one chooses. Without this file the list tells it of the last answer. */
(() => {
  "use strict";
  const form = document.getElementById("layout-form");
  if (!form) return;
  const required = [...form.querySelectorAll("[data-required]")];
  const selects = [...form.querySelectorAll("select[name^=kolom_]")];

  const chosenAt = (field) => {
    const columns = selects.filter((select) => select.value === field).map((select) => select.labels[0].textContent);
    if (columns.length) return columns.join(", ");
    const same = form.elements.namedItem(field);
    return same && same.value.trim() ? "voor alle rijen gelijk" : "";
  };

  const show = () => {
    const missing = required.filter((line) => {
      const where = chosenAt(line.dataset.required);
      const told = line.querySelector("span");
      told.textContent = where || "ontbreekt nog";
      told.classList.toggle("missing", !where);
      return !where;
    });
    const names = missing.map((line) => line.dataset.label).join(", ");
    const sentence = names ? `Nog te kiezen: ${names}.` : "Alle verplichte gegevens zijn gekozen.";
    form.querySelectorAll("[data-missing]").forEach((place) => {
      if (place.textContent !== sentence) place.textContent = sentence;
    });
  };

  form.addEventListener("change", show);
  show(); // what the browser kept of an earlier visit
})();
