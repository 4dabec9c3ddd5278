// Keeps the live page alive: one stream of server-sent events, cards that glide between lanes, counters that count.
(function () {
  "use strict";
  var words = JSON.parse(document.getElementById("words").textContent);
  var zh = document.documentElement.lang === "zh-CN";
  var calm = matchMedia("(prefers-reduced-motion: reduce)");
  var cards = new Map(), shown = new Map(), totals = {}, paused = false, board = 0, news = 0;
  var SHOWN = 4, NEWS = 14, LIMIT = 400, GREETING = 1400, GREETED = 3;
  var arriving = new Map();

  function byId(id) { return document.getElementById(id); }
  function page(key, n) { return words.page[key].replace("{n}", n).replace("{t}", n); }
  function pick(zhText, enText) { return zh ? zhText : enText || zhText; }
  function say(text) { var node = document.createElement("span"); node.textContent = text; return node; }
  function tag(text, kind) { var node = say(text); node.className = "tag " + (kind || ""); return node; }

  function lamp(light) {
    var node = byId("lamp").content.firstElementChild.cloneNode(true);
    node.classList.add(light);
    node.querySelector("use").setAttribute("href", "/static/lamps.svg#" + light);
    node.lastElementChild.textContent = words.lights[light];
    return node;
  }

  function grouped(number) {
    return number.length === 19 ? [number.slice(0, 6), number.slice(6, 10), number.slice(10, 14), number.slice(14)].join(" ") : number;
  }

  function span(milliseconds) {
    var minutes = Math.floor(Math.abs(milliseconds) / 60000), days = Math.floor(minutes / 1440), hours = Math.floor(minutes / 60) % 24;
    if (days) { return page("days", days) + (hours ? " " + page("hours", hours) : ""); }
    return hours ? page("hours", hours) : page("minutes", minutes);
  }

  function moment(iso) {
    var local = new Date(Date.parse(iso) + 8 * 3600000), two = function (n) { return String(n).padStart(2, "0"); };
    var time = two(local.getUTCHours()) + ":" + two(local.getUTCMinutes());
    if (zh) { return (local.getUTCMonth() + 1) + "月" + local.getUTCDate() + "日 " + time; }
    return local.getUTCDate() + " " + ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][local.getUTCMonth()] + " " + time;
  }

  // ---- cards
  function marks(card) {
    var found = [];
    if (card.light !== "none") { found.push(lamp(card.light)); }
    if (card.urgent) { found.push(tag(words.page.urgent, "urgent")); }
    if (card.ordered) { found.push(tag(words.page.ordered, "order")); }
    if (card.collective) { found.push(tag(words.page.collective)); }
    if (card.returns) { found.push(tag(words.page.returned + " " + card.returns)); }
    if (card.reworks) { found.push(tag(words.page.reworked + " " + card.reworks)); }
    return found;
  }

  function build() { return byId("card").content.firstElementChild.cloneNode(true); }

  function fill(node, card) {
    var article = node.firstElementChild, link = node.querySelector("h4 a");
    article.className = "card " + card.light + (card.lane === "struck_off" ? " done" : "");
    node.querySelector(".marks").replaceChildren.apply(node.querySelector(".marks"), marks(card));
    link.textContent = pick(card.title_zh, card.title_en) || words.page.untitled;
    link.href = "/tickets/" + encodeURIComponent(card.number) + "?lang=" + (zh ? "zh" : "en");
    node.querySelector(".who").textContent = [pick(card.unit_zh, card.unit_en), pick(card.promise_zh, card.promise_en)].filter(Boolean).join(" · ") || words.states[card.state];
    node.querySelector(".number").textContent = grouped(card.number);
    tell(node, card);
  }

  function tell(node, card) {
    var line = node.querySelector(".time");
    line.hidden = !card.due || card.lane === "struck_off";
    if (line.hidden) { return; }
    var due = Date.parse(card.due), start = Date.parse(card.start), left = due - board;
    line.lastElementChild.textContent = page(left > 0 ? "due_in" : "overdue_by", span(left));
    var share = due > start ? Math.min(1, Math.max(0, (board - start) / (due - start))) : 1;
    line.querySelector(".run").setAttribute("width", String(Math.round(share * 100)));
  }

  // ---- lanes: first, last, invert, play
  function places() {
    var found = new Map();
    shown.forEach(function (node, number) { found.set(number, node.getBoundingClientRect()); });
    return found;
  }

  function inLane(lane) {
    return Array.from(cards.values()).filter(function (card) { return card.lane === lane; })
      .sort(function (a, b) { return a.changed_at < b.changed_at ? 1 : a.changed_at > b.changed_at ? -1 : 0; }).slice(0, SHOWN);
  }

  function arrange() {
    var before = places(), focused = document.activeElement, next = new Map();
    document.querySelectorAll("ol[data-lane]").forEach(function (list) {
      var wanted = inLane(list.dataset.lane).map(function (card) {
        var node = shown.get(card.number) || build();
        node.dataset.number = card.number;
        next.set(card.number, node);
        fill(node, card);
        return node;
      });
      lay(list, wanted);
      count(list, wanted.length);
    });
    shown = next;
    if (focused && focused !== document.activeElement && document.contains(focused)) { focused.focus({ preventScroll: true }); }
    play(before);
  }

  function lay(list, wanted) {
    wanted.forEach(function (node, at) { if (list.children[at] !== node) { list.insertBefore(node, list.children[at] || null); } });
    while (list.children.length > wanted.length) { list.lastElementChild.remove(); }
  }

  function count(list, laid) {
    var total = totals[list.dataset.lane] || 0, lane = list.parentElement, more = lane.querySelector(".more");
    lane.querySelector("[data-total]").textContent = Math.max(total, laid);
    lane.querySelector(".empty").hidden = laid > 0 || total > 0;
    more.hidden = total <= laid;
    more.textContent = page("lane_more", total - laid);
  }

  function play(before) {
    if (calm.matches || document.hidden) { return; }
    shown.forEach(function (node, number) {
      var was = before.get(number), is = node.getBoundingClientRect();
      if (!was) { node.animate([{ opacity: 0, transform: "translateY(-14px)" }, { opacity: 1, transform: "none" }], { duration: 420, easing: "ease-out" }); return; }
      var x = was.left - is.left, y = was.top - is.top;
      if (!x && !y) { return; }
      node.classList.toggle("travels", Math.abs(x) > 4);
      var run = node.animate([{ transform: "translate(" + x + "px," + y + "px)" }, { transform: "none" }], { duration: 760, easing: "cubic-bezier(.3,.7,.2,1)" });
      run.onfinish = run.oncancel = function () { node.classList.remove("travels"); };
    });
  }

  function stamp(number) {
    var node = shown.get(number);
    if (!node || calm.matches) { return; }
    node.querySelector(".stamp").animate(
      [{ opacity: 0, transform: "rotate(-14deg) scale(2.4)" }, { opacity: 1, transform: "rotate(-14deg) scale(.94)", offset: 0.7 }, { opacity: 1, transform: "rotate(-14deg) scale(1)" }],
      { duration: 520, delay: 640, easing: "ease-in", fill: "backwards" });
  }

  // ---- counters, news, rates
  function show(counters) {
    var parts = [];
    Object.keys(counters).forEach(function (name) {
      if (name === "valid") { return; }
      var node = byId("counter-" + name), value = String(counters[name]);
      parts.push(value);
      if (node.textContent === value) { return; }
      node.textContent = value;
      if (!calm.matches) { node.animate([{ transform: "translateY(-.18em)", opacity: 0.35 }, { transform: "none", opacity: 1 }], { duration: 380, easing: "ease-out" }); }
    });
    byId("sum").textContent = parts.join(" + ");
    byId("valid").textContent = counters.valid;
  }

  function report(card, was) {
    var list = byId("news"), line = document.createElement("li"), time = document.createElement("time");
    time.dateTime = card.changed_at;
    time.textContent = moment(card.changed_at);
    line.className = card.lane === "struck_off" ? "done" : card.light;
    line.append(time, say(""), tag(words.states[card.state], !was || was.state !== card.state ? "moved" : ""));
    line.children[1].textContent = [pick(card.title_zh, card.title_en) || words.page.untitled, pick(card.unit_zh, card.unit_en)].filter(Boolean).join(" · ");
    if (was && was.light !== card.light && card.light !== "none") { line.append(lamp(card.light)); }
    if (!news) { list.replaceChildren(); }
    news += 1;
    list.prepend(line);
    while (list.children.length > NEWS) { list.lastElementChild.remove(); }
  }

  function bars(series) {
    var space = "http://www.w3.org/2000/svg", chart = document.createElementNS(space, "svg"), top = Math.max.apply(null, series.concat(1));
    chart.setAttribute("viewBox", "0 0 " + series.length * 8 + " 24");
    chart.setAttribute("aria-hidden", "true");
    series.forEach(function (value, at) {
      var bar = document.createElementNS(space, "rect"), height = Math.max(1, Math.round(value / top * 24));
      [["x", at * 8], ["y", 24 - height], ["width", 6], ["height", height]].forEach(function (pair) { bar.setAttribute(pair[0], pair[1]); });
      chart.append(bar);
    });
    return chart;
  }

  function strip(rates) {
    if (!rates.length) { return; }
    byId("rates").replaceChildren.apply(byId("rates"), rates.map(function (rate) {
      var line = document.createElement("li"), figures = document.createElement("span");
      figures.className = "figures";
      [["registered", rate.registered], ["moved", rate.moved], ["struck_off", rate.struck_off]].forEach(function (pair) {
        var part = say(words.page["rate_" + pair[0]] + " "), number = document.createElement("b");
        number.textContent = pair[1];
        part.append(number);
        figures.append(part);
      });
      line.append(say(rate.name || rate.county), bars(rate.series), figures);
      return line;
    }));
  }

  // ---- the stream
  function take(update) {
    board = Date.parse(update.now);
    byId("now").dateTime = update.now;
    byId("now").textContent = update.now_text || moment(update.now);
    totals = update.lanes;
    if (update.whole) { cards.clear(); arriving.clear(); }
    var struck = [];
    update.cards.slice().sort(function (a, b) { return a.changed_at < b.changed_at ? -1 : 1; }).forEach(function (card) {
      var was = cards.get(card.number);
      if (!update.whole && (!was || was.state !== card.state || was.light !== card.light)) { report(card, was); }
      if (!update.whole && card.lane === "struck_off" && (!was || was.lane !== card.lane)) { struck.push(card.number); }
      keep(card, was, update.whole);
    });
    if (update.whole && !news) { update.cards.slice(0, NEWS).reverse().forEach(function (card) { report(card, null); }); }
    (update.gone || []).forEach(function (number) { cards.delete(number); });
    trim();
    show(update.counters);
    if (update.cards.length || update.whole || (update.gone || []).length) { arrange(); } else { shown.forEach(function (node, number) { tell(node, cards.get(number)); }); }
    document.querySelectorAll("ol[data-lane]").forEach(function (list) { count(list, list.children.length); });
    struck.forEach(stamp);
  }

  // A new matter is shown in the first lane for a moment, even when the rule has assigned it before we looked.
  function keep(card, was, whole) {
    if (arriving.has(card.number)) { arriving.set(card.number, card); return; }
    if (whole || was || card.lane === "registered" || calm.matches || document.hidden || arriving.size >= GREETED) { cards.set(card.number, card); return; }
    arriving.set(card.number, card);
    cards.set(card.number, Object.assign({}, card, { lane: "registered", state: "registered", light: "none", due: null, unit_zh: "", unit_en: "" }));
    setTimeout(function () {
      if (!arriving.has(card.number)) { return; } // the whole board came anew meanwhile
      if (cards.has(card.number)) { cards.set(card.number, arriving.get(card.number)); }
      arriving.delete(card.number);
      arrange();
    }, GREETING);
  }

  function trim() {
    if (cards.size <= LIMIT) { return; }
    var oldest = Array.from(cards.values()).sort(function (a, b) { return a.changed_at < b.changed_at ? -1 : 1; });
    oldest.slice(0, cards.size - LIMIT).forEach(function (card) { cards.delete(card.number); });
  }

  function link(state) {
    var node = byId("link");
    if (node.dataset.state === state) { return; }
    node.dataset.state = state;
    node.lastElementChild.textContent = words.page[state];
  }

  function hear(event) {
    var update = JSON.parse(event.data);
    if (paused) { return; }
    take(update);
    link("connected");
  }

  var source = null;
  function connect() {
    source = new EventSource("/v1/live?lang=" + (zh ? "zh" : "en"));
    source.addEventListener("board", hear);
    source.addEventListener("rates", function (event) { if (!paused) { strip(JSON.parse(event.data)); } });
    source.onerror = function () { link(paused ? "paused" : "lost"); };
  }

  byId("pause").addEventListener("click", function () {
    paused = !paused;
    this.textContent = words.page[paused ? "resume" : "pause"];
    link(paused ? "paused" : "connecting");
    if (!paused) { source.close(); connect(); } // a fresh stream begins with the whole board
  });
  addEventListener("pagehide", function () { if (source) { source.close(); } });
  connect();
})();
