// Draws every chart of the page from the JSON beside it; the table with the same figures stays there without JavaScript.
(function () {
  "use strict";
  var PAPER_WIDTH = 680, LEGEND_HEIGHT = 80; // A4 within the margins of print.css, in CSS pixels; a legend takes more lines there
  if (window.module && module.exports) { Plotly.register(module.exports); }

  function draw(root) {
    root.querySelectorAll("[data-chart]").forEach(function (place) {
      var source = document.getElementById(place.dataset.chart);
      if (!source || place.dataset.drawn) { return; }
      place.dataset.drawn = "1";
      place.closest(".chart-figure").classList.add("drawn");
      place.hidden = false;
      var figure = JSON.parse(source.textContent);
      Plotly.newPlot(place, figure.data, figure.layout, {
        locale: "nl", responsive: true, displayModeBar: false
      });
      offerSaving(place, figure);
    });
  }

  function offerSaving(place, figure) {
    var offer = place.parentNode.querySelector("[data-saves]");
    if (!offer) { return; }
    offer.hidden = false;
    offer.querySelectorAll("button").forEach(function (button) {
      button.addEventListener("click", function () {
        button.disabled = true;
        save(figure, place, button.dataset.format).finally(function () {
          button.disabled = false;
          button.focus();
        });
      });
    });
  }

  // On its own, a picture must still say what it shows and where it comes from: title and source go into it.
  function picture(figure, place) {
    var caption = place.parentNode.querySelector("figcaption");
    var source = caption.querySelector(".sub");
    var margin = figure.layout.margin || {};
    return {
      data: figure.data,
      layout: Object.assign({}, figure.layout, {
        title: {
          text: escaped(caption.firstChild.textContent.trim()), subtitle: { text: escaped(source.textContent.trim()) },
          x: 0, xref: "paper", xanchor: "left", y: 1, yref: "container", yanchor: "top", pad: { t: 16 },
          font: { size: 18 }
        },
        margin: Object.assign({}, margin, { t: 112 }), height: (figure.layout.height || 352) + 128,
        paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff"
      }),
      config: { locale: "nl" }
    };
  }

  function escaped(text) {
    return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }

  function save(figure, place, format) {
    var shown = picture(figure, place);
    var size = { format: "svg", width: 1200, height: shown.layout.height };
    return Plotly.toImage(shown, size).then(function (address) {
      if (format === "svg") {
        var text = decodeURIComponent(address.slice(address.indexOf(",") + 1));
        return new Blob([text], { type: "image/svg+xml;charset=utf-8" });
      }
      return toPng(address, size);
    }).then(function (content) {
      download(content, fileName(place, format));
    });
  }

  // Plotly's own PNG loads an image from a blob: address, which the Content-Security-Policy does not allow.
  function toPng(address, size) {
    return new Promise(function (resolve, reject) {
      var image = new Image();
      image.onload = function () {
        var canvas = document.createElement("canvas");
        canvas.width = size.width * 2;
        canvas.height = size.height * 2;
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(resolve, "image/png");
      };
      image.onerror = reject;
      image.src = address;
    });
  }

  function fileName(place, format) {
    var words = place.parentNode.querySelector("figcaption").firstChild.textContent.trim().toLowerCase();
    var plain = words.normalize("NFD").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
    return "sdf-" + plain.slice(0, 80) + "." + format;
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
