// The page's words, and small pieces of it: lamps, tags, times as people say them.
const words = JSON.parse(document.getElementById("words").textContent);
export const zh = document.documentElement.lang === "zh-CN";
export const language = zh ? "zh" : "en";
export const calm = matchMedia("(prefers-reduced-motion: reduce)");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const CHINA = 8 * 3600000;

export function byId(id) { return document.getElementById(id); }
export function page(key, n) { return words.page[key].replace("{n}", n).replace("{t}", n); }
export function stateName(state) { return words.states[state]; }
export function pick(zhText, enText) { return zh ? zhText : enText || zhText; }
export function titleOf(card) { return pick(card.title_zh, card.title_en) || words.page.untitled; }
export function unitOf(card) { return pick(card.unit_zh, card.unit_en); }

export function text(said, kind) {
  const node = document.createElement("span");
  node.textContent = said;
  if (kind) { node.className = kind; }
  return node;
}

export function tag(said, kind) { return text(said, "tag " + (kind || "")); }

export function lamp(light) {
  const node = byId("lamp").content.firstElementChild.cloneNode(true), use = node.querySelector("use");
  node.classList.add(light);
  use.setAttribute("href", use.getAttribute("href").split("#")[0] + "#" + light);
  node.lastElementChild.textContent = words.lights[light];
  return node;
}

export function address(number) {
  return "/tickets/" + encodeURIComponent(number) + "?lang=" + language;
}

export function grouped(number) {
  if (number.length !== 19) { return number; }
  return [number.slice(0, 6), number.slice(6, 10), number.slice(10, 14), number.slice(14)].join(" ");
}

export function span(milliseconds) {
  const minutes = Math.floor(Math.abs(milliseconds) / 60000), days = Math.floor(minutes / 1440), hours = Math.floor(minutes / 60) % 24;
  if (days) { return page("days", days) + (hours ? " " + page("hours", hours) : ""); }
  return hours ? page("hours", hours) : page("minutes", minutes);
}

function two(n) { return String(n).padStart(2, "0"); }

export function clock(iso) {
  const local = new Date(Date.parse(iso) + CHINA);
  return two(local.getUTCHours()) + ":" + two(local.getUTCMinutes());
}

export function moment(iso) {
  const local = new Date(Date.parse(iso) + CHINA);
  if (zh) { return (local.getUTCMonth() + 1) + "月" + local.getUTCDate() + "日 " + clock(iso); }
  return local.getUTCDate() + " " + MONTHS[local.getUTCMonth()] + " " + clock(iso);
}

export function left(card, now) {
  const over = Date.parse(card.due) - now;
  return page(over > 0 ? "due_in" : "overdue_by", span(over));
}

export function marks(card) {
  const found = card.light === "none" ? [] : [lamp(card.light)];
  if (card.urgent) { found.push(tag(words.page.urgent, "urgent")); }
  if (card.ordered) { found.push(tag(words.page.ordered, "order")); }
  if (card.collective) { found.push(tag(words.page.collective)); }
  if (card.returns) { found.push(tag(words.page.returned + " " + card.returns)); }
  if (card.reworks) { found.push(tag(words.page.reworked + " " + card.reworks)); }
  return found;
}
