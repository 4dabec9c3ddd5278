// One step of the form at a time, and a draft in this tab alone, without anything that says who writes. It goes on
// under the key that it began with, so that what was sent before the line broke is not registered twice.
(function () {
  "use strict";
  var form = document.getElementById("saying"), KEPT = "duban-draft", PRIVATE = ["name", "phone", "email", "on_behalf_of"];
  var steps = Array.from(form.querySelectorAll(".step")), at = 0;
  var next = document.getElementById("next"), previous = document.getElementById("previous");
  var check = document.getElementById("check"), draft = document.getElementById("draft");

  function store(act) { try { return act(sessionStorage); } catch (e) { return null; /* private mode: no draft */ } }
  function fields() { return Array.from(form.elements).filter(function (each) { return each.name && each.name !== "to" && PRIVATE.indexOf(each.name) < 0; }); }
  function keep() {
    var written = {};
    fields().forEach(function (each) { if (each.type !== "radio" || each.checked) written[each.name] = each.value; });
    store(function (kept) { kept.setItem(KEPT, JSON.stringify(written)); });
    draft.hidden = false;
  }
  function restore() {
    var written = JSON.parse(store(function (kept) { return kept.getItem(KEPT); }) || "null");
    if (!written || form.hasAttribute("data-wrong") || form.elements.title.value) return;
    fields().forEach(function (each) {
      if (each.type === "radio") each.checked = written[each.name] === each.value;
      else if (each.name in written) each.value = written[each.name];
    });
    draft.hidden = false;
  }
  function show(nth, moved) {
    at = nth;
    steps.forEach(function (step, which) { step.hidden = which !== at; });
    previous.hidden = at === 0;
    next.hidden = at === steps.length - 1;
    check.hidden = at !== steps.length - 1;
    if (moved) steps[at].querySelector("legend").focus();
  }
  function isFilled() {
    return Array.from(steps[at].querySelectorAll("[required]")).every(function (each) { return each.reportValidity(); });
  }

  restore();
  var wrong = steps.findIndex(function (step) { return step.querySelector("[aria-invalid]"); });
  show(Math.max(wrong, 0), false);
  next.addEventListener("click", function () { if (isFilled()) show(at + 1, true); });
  previous.addEventListener("click", function () { show(at - 1, true); });
  form.addEventListener("input", keep);
  form.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.tagName === "INPUT" && !next.hidden) { event.preventDefault(); next.click(); }
  });
  document.getElementById("forget").addEventListener("click", function () {
    store(function (kept) { kept.removeItem(KEPT); });
    location.assign(location.pathname + location.search);
  });
})();
