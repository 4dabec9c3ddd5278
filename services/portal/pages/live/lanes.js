// Cards in their lanes; a card that changes its lane glides there (first, last, invert, play).
import { address, byId, calm, grouped, left, marks, page, pick, stateName, titleOf, unitOf } from "./words.js";

export const narrow = matchMedia("(max-width: 40rem)");
const lists = Array.from(document.querySelectorAll("ol[data-lane]"));
let shown = new Map();

function room() { return narrow.matches ? 3 : 4; }

function build(number) {
  const node = byId("card").content.firstElementChild.cloneNode(true);
  node.dataset.number = number;
  return node;
}

function fill(node, card, now) {
  const link = node.querySelector("h4 a"), told = node.querySelector(".marks");
  node.firstElementChild.className = "card " + card.light + (card.lane === "struck_off" ? " done" : "");
  told.replaceChildren(...marks(card));
  link.textContent = titleOf(card);
  link.href = address(card.number);
  node.querySelector(".who").textContent = unitOf(card) || stateName(card.state);
  node.querySelector(".promise").textContent = pick(card.promise_zh, card.promise_en);
  node.querySelector(".number").textContent = "… " + grouped(card.number).slice(7); // its county is the board's
  tell(node, card, now);
}

function tell(node, card, now) {
  const line = node.querySelector(".time");
  line.hidden = !card.due || card.lane === "struck_off";
  if (line.hidden) { return; }
  const due = Date.parse(card.due), start = Date.parse(card.start);
  const share = due > start ? Math.min(1, Math.max(0, (now - start) / (due - start))) : 1;
  line.lastElementChild.textContent = left(card, now);
  line.querySelector(".run").setAttribute("width", String(Math.round(share * 100)));
}

// Lay out what `inLane` gives for each lane, then let what moved glide from where it was.
export function arrange(inLane, now) {
  const before = new Map(), focused = document.activeElement, next = new Map();
  shown.forEach((node, number) => before.set(number, node.getBoundingClientRect()));
  for (const list of lists) {
    lay(list, inLane(list.dataset.lane).slice(0, room()).map(card => {
      const node = shown.get(card.number) || build(card.number);
      next.set(card.number, node);
      fill(node, card, now);
      return node;
    }));
  }
  shown = next;
  if (focused && focused !== document.activeElement && document.contains(focused)) { focused.focus({ preventScroll: true }); }
  glide(before);
}

export function tick(cards, now) {
  shown.forEach((node, number) => { if (cards.has(number)) { tell(node, cards.get(number), now); } });
}

export function lay(list, wanted) {
  wanted.forEach((node, at) => { if (list.children[at] !== node) { list.insertBefore(node, list.children[at] || null); } });
  while (list.children.length > wanted.length) { list.lastElementChild.remove(); }
}

export function count(totals) {
  for (const list of lists) {
    const total = totals[list.dataset.lane] || 0, laid = list.children.length, lane = list.parentElement, more = lane.querySelector(".more");
    lane.querySelector("[data-total]").textContent = Math.max(total, laid);
    lane.querySelector(".empty").hidden = laid > 0 || total > 0;
    more.hidden = total <= laid;
    more.textContent = page("lane_more", total - laid);
  }
}

function glide(before) {
  if (calm.matches || document.hidden) { return; }
  shown.forEach((node, number) => {
    const was = before.get(number), is = node.getBoundingClientRect();
    if (!was) { node.animate([{ opacity: 0, transform: "translateY(-14px)" }, { opacity: 1, transform: "none" }], { duration: 420, easing: "ease-out" }); return; }
    const x = was.left - is.left, y = was.top - is.top;
    if (!x && !y) { return; }
    node.classList.toggle("travels", Math.abs(x) > 4);
    const run = node.animate([{ transform: "translate(" + x + "px," + y + "px)" }, { transform: "none" }], { duration: 760, easing: "cubic-bezier(.3,.7,.2,1)" });
    run.onfinish = run.oncancel = () => node.classList.remove("travels");
  });
}

export function stamp(number) {
  const node = shown.get(number);
  if (!node || calm.matches) { return; }
  node.querySelector(".stamp").animate(
    [{ opacity: 0, transform: "rotate(-14deg) scale(2.4)" }, { opacity: 1, transform: "rotate(-14deg) scale(.94)", offset: 0.7 }, { opacity: 1, transform: "rotate(-14deg) scale(1)" }],
    { duration: 520, delay: 640, easing: "ease-in", fill: "backwards" });
}
