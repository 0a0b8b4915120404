// Draws every chart of the page from the JSON beside it; the table with the same figures stays there without JavaScript.
(function () {
  "use strict";
  var PAPER_WIDTH = 680, LEGEND_HEIGHT = 80; // A4 within the margins of print.css, in CSS pixels; a legend takes more lines there
  var NARROW = 560, PICTURE_WIDTH = 1200, LINE_HEIGHT = 17, LINE_LENGTH = 165, GAP = 16;
  var queue = [], drawing = false;
  if (window.module && module.exports) { Plotly.register(module.exports); }

  // The text comes first: room is kept for each chart, then they are drawn one at a time, so that the page stays at hand.
  function draw(root) {
    root.querySelectorAll("[data-chart]").forEach(function (place) {
      if (place.dataset.queued || !document.getElementById(place.dataset.chart)) { return; }
      place.dataset.queued = "1";
      place.style.minBlockSize = place.dataset.height + "px";
      place.hidden = false;
      queue.push(place);
    });
    root.querySelectorAll("[data-saves]").forEach(offerSaving);
    if (!drawing && queue.length) {
      drawing = true;
      requestAnimationFrame(function () { setTimeout(drawNext); });
    }
  }

  function drawNext() {
    if (queue.length) { drawOne(queue.shift()); }
    if (queue.length) { setTimeout(drawNext); } else { drawing = false; }
  }

  function drawOne(place) {
    if (!place.isConnected) { return; }
    var figure = narrowed(figureOf(place), place.clientWidth);
    Plotly.newPlot(place, figure.data, figure.layout, { locale: "nl", responsive: true, displayModeBar: false });
    place.dataset.drawn = "1";
    place.style.minBlockSize = "";
    place.closest(".chart-figure").classList.add("drawn");
  }

  // On a phone names would lie over each other, and there is room for fewer periods; both stand in the table.
  function narrowed(figure, width) {
    if (width > NARROW) { return figure; }
    figure.data.forEach(function (trace) { if (trace.mode === "markers+text") { trace.mode = "markers"; } });
    var axis = figure.layout.xaxis;
    if (axis && axis.nticks) { axis.nticks = Math.min(axis.nticks, Math.floor(width / 48)); }
    return figure;
  }

  function figureOf(place) {
    return JSON.parse(document.getElementById(place.dataset.chart).textContent);
  }

  function offerSaving(offer) {
    if (!offer.hidden) { return; }
    offer.hidden = false;
    offer.querySelectorAll("button").forEach(function (button) {
      button.addEventListener("click", function () {
        button.disabled = true;
        save(offer, button.dataset.format).finally(function () {
          button.disabled = false;
          button.focus();
        });
      });
    });
  }

  function save(offer, format) {
    return picture(offer.closest(".chart-figure")).then(function (shown) {
      return format === "svg" ? new Blob([shown.text], { type: "image/svg+xml;charset=utf-8" }) : toPng(shown);
    }).then(function (content) {
      download(content, offer.dataset.name + "." + format);
    });
  }

  // On its own, a picture must still say what it shows and where it comes from: title and source go above the drawings.
  function picture(shown) {
    var caption = shown.querySelector("figcaption"), parts = [], top = 36;
    parts.push(line(GAP, top, 20, "bold", caption.firstChild.textContent.trim()));
    wrapped(caption.querySelector(".sub").textContent.trim()).forEach(function (text) {
      top += LINE_HEIGHT + 3;
      parts.push(line(GAP, top, 13, "normal", text));
    });
    top += GAP;
    return Promise.all(tiles(shown)).then(function (drawings) {
      drawings.forEach(function (drawing) {
        if (drawing.name) { parts.push(line(drawing.x, top + drawing.y + 20, 15, "bold", drawing.name)); }
        parts.push(nested(drawing, top));
      });
      var height = Math.max.apply(null, drawings.map(function (one) { return top + one.y + one.height; })) + GAP;
      var size = 'width="' + PICTURE_WIDTH + '" height="' + height + '"';
      return {
        height: height,
        text: '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ' + size + '><rect ' +
          size + ' fill="#ffffff"/>' + parts.join("") + "</svg>"
      };
    });
  }

  // One wide drawing, or small ones beside each other as on the page.
  function tiles(shown) {
    var panels = Array.from(shown.querySelectorAll("[data-chart]"));
    var columns = Math.min(3, panels.length), width = Math.floor((PICTURE_WIDTH - GAP) / columns);
    return panels.map(function (place, number) {
      var figure = figureOf(place), name = place.parentNode.querySelector(".panel-name");
      var height = figure.layout.height, head = name ? 28 : 0;
      return Plotly.toImage(
        { data: figure.data, layout: Object.assign({}, figure.layout, { paper_bgcolor: "#ffffff" }), config: { locale: "nl" } },
        { format: "svg", width: width - GAP, height: height }
      ).then(function (address) {
        return {
          x: GAP + (number % columns) * width, y: Math.floor(number / columns) * (height + head + GAP),
          head: head, height: height + head, name: name && name.textContent.trim(),
          text: decodeURIComponent(address.slice(address.indexOf(",") + 1))
        };
      });
    });
  }

  function nested(drawing, top) {
    return drawing.text.replace("<svg ", '<svg x="' + drawing.x + '" y="' + (top + drawing.y + drawing.head) + '" ');
  }

  function line(x, y, size, weight, text) {
    return '<text x="' + x + '" y="' + y + '" font-family="system-ui, Segoe UI, Noto Sans, sans-serif" font-size="' + size +
      '" font-weight="' + weight + '" fill="#1b1b1b">' + escaped(text) + "</text>";
  }

  function wrapped(text) {
    return text.split(/\s+/).reduce(function (lines, word) {
      var last = lines[lines.length - 1];
      if (last && last.length + word.length >= LINE_LENGTH) { lines.push(word); }
      else { lines[lines.length - 1] = (last + " " + word).trim(); }
      return lines;
    }, [""]);
  }

  function escaped(text) {
    return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }

  // Plotly's own PNG loads an image from a blob: address, which the Content-Security-Policy does not allow.
  function toPng(shown) {
    return new Promise(function (resolve, reject) {
      var image = new Image();
      image.onload = function () {
        var canvas = document.createElement("canvas");
        canvas.width = PICTURE_WIDTH * 2;
        canvas.height = shown.height * 2;
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(resolve, "image/png");
      };
      image.onerror = reject;
      image.src = "data:image/svg+xml," + encodeURIComponent(shown.text);
    });
  }

  function download(content, name) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(content);
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  // Paper is narrower than a screen: a chart takes the width of A4 before it is printed, and its own again after.
  function resize(change) {
    document.querySelectorAll("[data-drawn]").forEach(function (place) { Plotly.relayout(place, change(place)); });
  }
  window.addEventListener("beforeprint", function () {
    while (queue.length) { drawOne(queue.shift()); }
    resize(function (place) {
      place.dataset.height = place.clientHeight;
      return { width: PAPER_WIDTH, height: place.clientHeight + LEGEND_HEIGHT };
    });
  });
  window.addEventListener("afterprint", function () {
    resize(function (place) { return { width: null, height: Number(place.dataset.height), autosize: true }; });
  });

  draw(document);
  document.addEventListener("htmx:afterSwap", function () { draw(document); });
})();
