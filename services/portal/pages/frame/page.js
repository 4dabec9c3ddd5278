// The reader's choice of type size, before the page is painted; kept in this browser only.
(function () {
  "use strict";
  var root = document.documentElement;
  function read() { try { return localStorage.getItem("duban-size") || "normal"; } catch (e) { return "normal"; } }
  function keep(size) { try { localStorage.setItem("duban-size", size); } catch (e) { /* private mode: for this page only */ } }
  function show(size) {
    root.dataset.size = size;
    document.querySelectorAll("button[data-size]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.size === size));
    });
  }
  root.dataset.size = read();
  document.addEventListener("DOMContentLoaded", function () {
    show(read());
    document.querySelectorAll("button[data-size]").forEach(function (button) {
      button.addEventListener("click", function () { keep(button.dataset.size); show(button.dataset.size); });
    });
    var language = document.querySelector("a.language");
    if (language && location.search) {
      var query = new URLSearchParams(location.search);
      query.set("lang", new URL(language.href).searchParams.get("lang"));
      language.search = query.toString();
    }
  });
})();
