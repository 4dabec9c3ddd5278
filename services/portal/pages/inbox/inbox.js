// The inbox asks for itself each minute while somebody can see it and has touched it lately: a desk that nobody is at
// is not kept signed in.
(function () {
  "use strict";
  var EVERY = 60000, RESTS = 20 * 60000, tag = "", touched = Date.now();
  var fresh = document.getElementById("fresh"), news = document.getElementById("news");
  function rests() { return Date.now() - touched > RESTS; }
  function say() { fresh.textContent = rests() ? fresh.dataset.rests : fresh.dataset.fresh; }
  function shown(page) {
    var old = document.getElementById("lines"), next = new DOMParser().parseFromString(page, "text/html").getElementById("lines");
    if (!next) { location.reload(); return; }
    if (next.innerHTML === old.innerHTML) return;
    var ticks = Array.from(old.querySelectorAll("input:checked"), function (box) { return box.value; });
    var field = old.contains(document.activeElement) ? document.activeElement.value : "";
    var held = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    old.replaceWith(document.importNode(next, true));
    if (held) document.querySelectorAll("#lines a").forEach(function (link) { if (link.getAttribute("href") === held) link.focus(); });
    document.querySelectorAll("#lines input[type=checkbox]").forEach(function (box) {
      box.checked = ticks.indexOf(box.value) >= 0;
      if (field && box.value === field) box.focus();
    });
    news.textContent = news.dataset.renewed;
  }
  function ask() {
    say();
    if (document.hidden || rests()) return;
    fetch(location.href, { credentials: "same-origin", headers: tag ? { "If-None-Match": tag } : {} }).then(function (answer) {
      if (answer.status !== 200) return;
      tag = answer.headers.get("ETag") || "";
      return answer.text().then(shown);
    }, function () { /* asked again in a minute */ });
  }
  function touch() { var was = rests(); touched = Date.now(); if (was) ask(); }
  ["pointermove", "pointerdown", "keydown", "scroll"].forEach(function (kind) { addEventListener(kind, touch, { passive: true }); });
  document.addEventListener("visibilitychange", ask);
  setInterval(ask, EVERY);
  say();
})();
