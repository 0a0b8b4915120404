/* Drag and drop, a list of what was chosen, and how far the sending is. Without this file the form works as a form. */
(() => {
  "use strict";
  const form = document.getElementById("upload-form");
  if (!form) return;
  const zone = form.querySelector(".drop-zone");
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector(".chosen-files");
  const sending = form.querySelector(".sending");
  const bar = sending.querySelector("progress");
  const text = sending.querySelector(".sending-text");
  const button = form.querySelector("button[type=submit]");

  const size = (bytes) => {
    for (const [unit, factor] of [["GB", 2 ** 30], ["MB", 2 ** 20], ["kB", 2 ** 10]]) {
      if (bytes >= factor) return `${(bytes / factor).toLocaleString("nl", { maximumFractionDigits: 1 })} ${unit}`;
    }
    return `${bytes} bytes`;
  };

  const forgetFaults = () => {
    zone.querySelectorAll(".refusal, .errorlist").forEach((told) => { told.remove(); });
    input.removeAttribute("aria-invalid");
    if (!input.disabled) sending.hidden = true;
  };

  const choose = (files) => {
    const all = new DataTransfer();
    files.forEach((file) => all.items.add(file));
    input.files = all.files;
    showChosen();
  };

  // Of many files one may be refused: it can go without choosing the others again.
  const removal = (file) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "text-button";
    button.textContent = "Haal weg";
    button.setAttribute("aria-label", `Haal ${file.name} weg`);
    button.addEventListener("click", () => {
      const place = [...input.files].indexOf(file);
      choose([...input.files].filter((other) => other !== file));
      (list.querySelectorAll("button")[place] || input).focus();
    });
    return button;
  };

  const showChosen = () => {
    forgetFaults();
    list.replaceChildren(
      ...[...input.files].map((file) => {
        const item = document.createElement("li");
        item.append(`${file.name} (${size(file.size)}) `, removal(file));
        return item;
      }),
    );
    list.hidden = input.files.length === 0;
  };

  const addDropped = (dropped) => {
    const known = new Map();
    for (const file of [...input.files, ...dropped]) {
      const key = `${file.name}/${file.size}/${file.lastModified}`;
      if (!known.has(key)) known.set(key, file);
    }
    choose([...known.values()]);
  };

  const busy = (on) => {
    sending.hidden = !on;
    button.disabled = on;
    input.disabled = on;
    list.querySelectorAll("button").forEach((removing) => { removing.disabled = on; });
  };

  const fail = (sentence) => {
    busy(false);
    sending.hidden = false;
    bar.hidden = true;
    text.textContent = sentence;
  };

  const showAnswer = (request) => {
    if (request.status === 201) {
      window.location.assign(request.getResponseHeader("Location"));
      return;
    }
    const answer = new DOMParser().parseFromString(request.responseText, "text/html").querySelector(".errorlist");
    if (!answer) {
      fail("Het uploaden is niet gelukt. Laad de pagina opnieuw en probeer het nog een keer.");
      return;
    }
    busy(false);
    forgetFaults();
    const refusal = document.createElement("div");
    refusal.className = "refusal";
    refusal.setAttribute("role", "alert");
    refusal.append(answer);
    zone.prepend(refusal);
    input.focus();
  };

  const send = () => {
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => {
      const percent = Math.floor((100 * event.loaded) / event.total);
      bar.value = percent;
      text.textContent = percent < 100 ? `${percent}% verstuurd` : "Verstuurd; de server slaat de bestanden op.";
    });
    request.addEventListener("load", () => showAnswer(request));
    request.addEventListener("error", () =>
      fail("De verbinding is verbroken. Er is niets opgeslagen. Controleer uw verbinding en probeer het opnieuw."),
    );
    const data = new FormData(form);
    request.open("POST", form.action);
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    bar.hidden = false;
    bar.value = 0;
    busy(true);
    request.send(data);
  };

  zone.querySelector(".drop-hint").hidden = false;
  input.addEventListener("change", showChosen);
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    addDropped(event.dataTransfer.files);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
})();
