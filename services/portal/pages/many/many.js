// Sends the form some matters at a time, so that it can be stopped. What was not sent goes by the same button, after a
// reload too: the form goes on under the key that it began with, so that no matter is done twice.
(function () {
  "use strict";
  var form = document.getElementById("many"), KEPT = "duban-many:" + location.search, portion = Number(form.dataset.portion);
  var news = document.getElementById("sending"), stop = document.getElementById("stop"), button = form.querySelector(".ends button:not([id])");
  var numbers = form.elements.numbers.value.split(","), sending = false, stopped = false;

  function store(act) { try { return act(sessionStorage); } catch (e) { return null; /* private mode: a reload begins anew */ } }
  function line(number) { return form.querySelector("li[data-number='" + number + "']"); }
  function with_outcome(what) { return numbers.filter(function (number) { return line(number).dataset.outcome === what; }); }
  function left() { return numbers.filter(function (number) { return ["done", "refused"].indexOf(line(number).dataset.outcome) < 0; }); }
  function say(text, values) {
    news.textContent = text.replace(/\{(\w+)\}/g, function (whole, name) { return values[name]; });
  }
  function fields() { return Array.from(form.elements).filter(function (each) { return each.name && ["form", "numbers", "act", "to"].indexOf(each.name) < 0; }); }
  function keep() {
    var written = fields().map(function (each) { return [each.name, each.value, each.checked === true]; });
    store(function (kept) { kept.setItem(KEPT, JSON.stringify(written)); });
  }
  function restore() {
    var written = JSON.parse(store(function (kept) { return kept.getItem(KEPT); }) || "null");
    if (!written) return;
    written.forEach(function (each) {
      fields().forEach(function (field) {
        if (field.name !== each[0]) return;
        if (field.type !== "radio" && field.type !== "checkbox") field.value = each[1];
        else if (field.value === each[1]) field.checked = each[2];
      });
    });
    goes_on(form.dataset.unfinished);
  }
  function goes_on(text) {
    say(text, { left: left().length });
    button.textContent = form.dataset.goesOn;
    button.hidden = false;
  }
  function ends() {
    say(form.dataset.came, { done: with_outcome("done").length, refused: with_outcome("refused").length, waits: left().length });
    if (left().length) { button.textContent = form.dataset.again; button.hidden = false; return; }
    store(function (kept) { kept.removeItem(KEPT); });
    form.querySelectorAll(".field, fieldset, .call-shown").forEach(function (each) { each.hidden = true; });
  }
  function some(said, these) {
    said.set("numbers", these.join(","));
    return fetch(form.action, { method: "POST", body: said, credentials: "same-origin" }).then(function (answer) {
      if (answer.status !== 200) { form.submit(); return new Promise(function () { /* another page comes */ }); }
      return answer.text();
    }).then(function (page) {
      new DOMParser().parseFromString(page, "text/html").querySelectorAll("li[data-outcome]").forEach(function (each) {
        line(each.dataset.number).replaceWith(document.importNode(each, true));
      });
    });
  }
  function all(said, rest) {
    say(form.dataset.busy, { sent: numbers.length - rest.length, all: numbers.length });
    if (!rest.length) { ends(); return Promise.resolve(); }
    if (stopped) { goes_on(form.dataset.stopped); return Promise.resolve(); }
    return some(said, rest.slice(0, portion)).then(function () { return all(said, rest.slice(portion)); });
  }
  form.addEventListener("submit", function (event) {
    if (event.submitter && event.submitter.name) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    stopped = false;
    button.hidden = true;
    stop.hidden = false;
    keep();
    all(new URLSearchParams(new FormData(form)), left()).catch(function () { goes_on(form.dataset.broken); }).finally(function () {
      sending = false;
      stop.hidden = true;
    });
  });
  stop.addEventListener("click", function () { stopped = true; stop.hidden = true; });
  restore();
})();
