// j and k go from line to line; Enter opens the one that is in focus, x ticks it. Off at a button, and never in a field.
(function () {
  "use strict";
  var NAME = "duban-keys", button = document.getElementById("keys"), on = read();
  function read() { try { return localStorage.getItem(NAME) !== "off"; } catch (e) { return true; } }
  function keep() { try { if (on) localStorage.removeItem(NAME); else localStorage.setItem(NAME, "off"); } catch (e) { /* private mode: for this page only */ } }
  function show() { document.getElementById("by-keys").hidden = false; button.setAttribute("aria-pressed", String(on)); }
  function move(by) {
    var lines = Array.from(document.querySelectorAll("#lines .line a")), at = lines.indexOf(document.activeElement);
    var next = lines[at < 0 ? (by > 0 ? 0 : lines.length - 1) : at + by];
    if (next) next.focus();
  }
  function tick() {
    var line = document.activeElement.closest("#lines .line"), box = line && line.querySelector("input[type=checkbox]");
    if (box) box.checked = !box.checked;
  }
  button.addEventListener("click", function () { on = !on; keep(); show(); });
  document.addEventListener("keydown", function (event) {
    if (!on || event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select")) return;
    if (event.key === "j") move(1);
    if (event.key === "k") move(-1);
    if (event.key === "x") tick();
  });
  show();
})();
