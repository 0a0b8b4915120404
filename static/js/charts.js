// Draws every chart of the page from the JSON beside it; the table with the same figures stays there without JavaScript.
(function () {
  "use strict";
  if (window.module && module.exports) { Plotly.register(module.exports); }
  function draw(root) {
    root.querySelectorAll("[data-chart]").forEach(function (place) {
      var source = document.getElementById(place.dataset.chart);
      if (!source || place.dataset.drawn) { return; }
      place.dataset.drawn = "1";
      place.hidden = false;
      var figure = JSON.parse(source.textContent);
      Plotly.newPlot(place, figure.data, figure.layout, {
        locale: "nl", responsive: true, displayModeBar: false
      });
    });
  }
  draw(document);
  document.addEventListener("htmx:afterSwap", function () { draw(document); });
})();
