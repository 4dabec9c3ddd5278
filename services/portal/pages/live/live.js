// Keeps the live page alive: takes each update of the stream and hands its parts to those who show them.
import * as around from "./around.js";
import * as lanes from "./lanes.js";
import { byId, calm, clock, moment, page } from "./words.js";
import { Link } from "./link.js";

const GREETING = 1400, GREETED = 3; // milliseconds a new matter is shown in the first lane, and how many at once
const cards = new Map(), arriving = new Set();
let now = Date.parse(byId("now").dateTime), order = {}, first = true;

// A new matter is shown in the first lane for a moment, even when the rule has assigned it before we looked.
function greeted(card) {
  return Object.assign({}, card, { lane: "registered", state: "registered", light: "none", due: null, unit_zh: "", unit_en: "" });
}

function inLane(lane) {
  const there = (order[lane] || []).filter(number => !arriving.has(number)).map(number => cards.get(number));
  const new_ = lane === "registered" ? Array.from(arriving).filter(number => cards.has(number)).map(number => greeted(cards.get(number))) : [];
  return new_.concat(there);
}

function arrange() { lanes.arrange(inLane, now); }

function greet(card, was, before) {
  const isNew = !was && card.lane !== "registered" && Date.parse(card.registered_at) >= before;
  if (!isNew || calm.matches || document.hidden || arriving.size >= GREETED) { return; }
  arriving.add(card.number);
  setTimeout(() => { if (arriving.delete(card.number)) { arrange(); } }, GREETING);
}

function take(update) {
  const before = now, struck = [];
  now = Date.parse(update.now);
  byId("now").dateTime = update.now;
  byId("now").textContent = moment(update.now);
  if (update.whole) { cards.clear(); arriving.clear(); }
  for (const card of update.cards.slice().sort((a, b) => a.changed_at < b.changed_at ? -1 : 1)) {
    const was = cards.get(card.number);
    if (isNews(update, card, was)) { around.report(card, was); }
    if (!update.whole && card.lane === "struck_off" && (!was || was.lane !== card.lane)) { struck.push(card.number); }
    if (!update.whole) { greet(card, was, before); }
    cards.set(card.number, card);
  }
  update.gone.forEach(number => { cards.delete(number); arriving.delete(number); });
  show(update);
  struck.forEach(lanes.stamp);
}

function isNews(update, card, was) {
  if (!update.news.includes(card.number)) { return false; }
  return update.whole ? first : !was || was.state !== card.state || was.light !== card.light;
}

function show(update) {
  const moved = update.whole || update.cards.length || JSON.stringify(order) !== JSON.stringify(update.lanes);
  order = update.lanes;
  first = false;
  around.sentence(update);
  around.counters(update.counters);
  around.attention(update.attention, update.overdue, cards, now);
  if (moved) { arrange(); } else { lanes.tick(cards, now); }
  lanes.count(update.totals);
}

const link = new Link(document.body.querySelector("[data-stream]").dataset.stream, take, around.rates, () => clock(byId("now").dateTime));
byId("pause").addEventListener("click", () => {
  const paused = !link.paused;
  byId("pause").textContent = page(paused ? "resume" : "pause");
  link.pause(paused);
});
lanes.narrow.addListener(arrange); // addEventListener is unknown to older browsers here
link.open();
