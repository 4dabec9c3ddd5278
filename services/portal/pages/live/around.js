// What stands around the lanes: the sentence, the six counters, the rail of what needs attention, news and rates.
import { address, byId, calm, lamp, language, left, moment, page, stateName, tag, text, titleOf, unitOf } from "./words.js";
import { lay, narrow } from "./lanes.js";

const NEWS = 14, CALLS_ON_A_PHONE = 4;
const rail = new Map();
let news = 0;

export function sentence(update) {
  const parts = update.says[language], node = byId("says"), said = parts.map(part => part.text).join("");
  if (node.textContent.trim() !== said.trim()) { node.replaceChildren(...parts.map(part => text(part.text, part.kind))); }
  byId("apart").textContent = update.apart[language];
}

export function counters(figures) {
  const parts = [];
  for (const name of Object.keys(figures)) {
    if (name === "valid") { continue; }
    const node = byId("counter-" + name), value = String(figures[name]);
    parts.push(value);
    if (node.textContent === value) { continue; }
    node.textContent = value;
    node.closest(".counter").classList.toggle("zero", value === "0");
    if (!calm.matches) { node.animate([{ transform: "translateY(-.18em)", opacity: 0.35 }, { transform: "none", opacity: 1 }], { duration: 380, easing: "ease-out" }); }
  }
  byId("sum").textContent = parts.join(" + ");
  byId("valid").textContent = figures.valid;
}

export function attention(numbers, overdue, cards, now) {
  const wanted = numbers.slice(0, narrow.matches ? CALLS_ON_A_PHONE : numbers.length).map(number => {
    const node = rail.get(number) || byId("call").content.firstElementChild.cloneNode(true);
    rail.set(number, node);
    call(node, cards.get(number), now);
    return node;
  });
  rail.forEach((_, number) => { if (!numbers.includes(number)) { rail.delete(number); } });
  lay(byId("attention"), wanted);
  byId("quiet").hidden = numbers.length > 0;
  byId("overdue").textContent = overdue;
  byId("overdue-all").hidden = overdue === 0;
}

function call(node, card, now) {
  const said = card.light === "none" ? [] : [lamp(card.light)], link = node.querySelector("a");
  node.firstElementChild.className = "call " + card.light;
  node.dataset.call = card.number;
  said.push(text(card.due ? left(card, now) : stateName(card.state), "how"));
  if (card.urgent) { said.push(tag(page("urgent"), "urgent")); }
  if (card.ordered) { said.push(tag(page("ordered"), "order")); }
  link.textContent = titleOf(card);
  link.href = address(card.number);
  node.querySelector(".over").replaceChildren(...said);
  node.querySelector(".who").textContent = unitOf(card) || stateName(card.state);
}

export function report(card, was) {
  const list = byId("news"), line = document.createElement("li"), time = document.createElement("time");
  time.dateTime = card.changed_at;
  time.textContent = moment(card.changed_at);
  line.className = card.lane === "struck_off" ? "done" : card.light;
  line.append(time, tag(stateName(card.state), !was || was.state !== card.state ? "moved" : ""), text([titleOf(card), unitOf(card)].filter(Boolean).join(" · ")));
  if (was && was.light !== card.light && card.light !== "none") { line.append(lamp(card.light)); }
  if (!news) { list.replaceChildren(); }
  news += 1;
  list.prepend(line);
  while (list.children.length > NEWS) { list.lastElementChild.remove(); }
}

function bars(series) {
  const space = "http://www.w3.org/2000/svg", chart = document.createElementNS(space, "svg"), top = Math.max(1, ...series);
  chart.setAttribute("viewBox", "0 0 " + series.length * 8 + " 24");
  chart.setAttribute("aria-hidden", "true");
  series.forEach((value, at) => {
    const bar = document.createElementNS(space, "rect"), height = Math.max(1, Math.round(value / top * 24));
    Object.entries({ x: at * 8, y: 24 - height, width: 6, height }).forEach(pair => bar.setAttribute(pair[0], pair[1]));
    chart.append(bar);
  });
  return chart;
}

export function rates(told) {
  const lines = told.map(rate => {
    const line = document.createElement("li"), figures = text("", "figures");
    for (const name of ["registered", "moved", "struck_off"]) {
      const part = text(page("rate_" + name) + " "), number = document.createElement("b");
      number.textContent = rate[name];
      part.append(number);
      figures.append(part);
    }
    line.append(text(rate.name || rate.county), bars(rate.series), figures);
    return line;
  });
  if (!lines.length) {
    const none = document.createElement("li");
    none.className = "empty";
    none.textContent = page("rates_empty");
    lines.push(none);
  }
  byId("rates").replaceChildren(...lines);
}
