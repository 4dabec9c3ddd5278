// What was registered is no draft any more; and the receipt can be printed.
(function () {
  "use strict";
  try { sessionStorage.removeItem("duban-draft"); } catch (e) { /* private mode: there was none */ }
  var print = document.getElementById("print");
  print.hidden = false;
  print.addEventListener("click", function () { window.print(); });
})();
