// The stream of server-sent events, and what the page says about it: it never calls figures live that stand still.
import { byId, page, span } from "./words.js";

const STALE = 20000; // milliseconds without a board until the page says that its figures stand
const SILENT = 60000; // until an open stream is taken for dead
const FIRST = 1000, LONGEST = 30000; // the waits before another try
const BEHIND = 60; // seconds that what the board is read from may be old

export class Link {
  constructor(url, board, rates, standsAt) {
    this.url = url; this.board = board; this.rates = rates; this.standsAt = standsAt;
    this.source = null; this.tries = 0; this.timer = 0; this.paused = false; this.heard = Date.now();
    setInterval(() => this.watch(), 1000);
    addEventListener("pagehide", () => this.close());
    addEventListener("pageshow", event => { if (event.persisted && !this.paused) { this.open(); } });
    addEventListener("online", () => { if (!this.paused) { this.open(); } });
  }

  open() {
    this.close();
    const source = this.source = new EventSource(this.url);
    source.addEventListener("board", event => { if (source === this.source) { this.hear(JSON.parse(event.data)); } });
    source.addEventListener("rates", event => { if (source === this.source) { this.rates(JSON.parse(event.data)); } });
    source.onerror = () => { if (source === this.source) { this.failed(); } };
  }

  close() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.source) { this.source.close(); }
    this.source = null;
  }

  hear(update) {
    this.heard = Date.now();
    this.tries = 0;
    this.board(update);
    if (update.behind >= BEHIND) { this.say("behind", page("behind", span(update.behind * 1000))); } else { this.say("connected"); }
  }

  // A browser gives up for good when the answer was not a stream (502, 503): then we try again ourselves.
  failed() {
    if (!this.stale()) { this.say("lost"); }
    if (this.source.readyState === EventSource.CLOSED) { this.again(); }
  }

  again() {
    const wait = Math.min(LONGEST, FIRST * Math.pow(2, this.tries)) * (0.75 + Math.random() / 2);
    this.close();
    this.tries += 1;
    this.timer = setTimeout(() => this.open(), wait);
  }

  stale() { return Date.now() - this.heard >= STALE; }

  watch() {
    if (this.paused || !this.stale()) { return; }
    this.say("stale", page("stale", this.standsAt()));
    if (Date.now() - this.heard >= SILENT && !this.timer && this.source && this.source.readyState === EventSource.OPEN) {
      this.heard = Date.now() - STALE;
      this.again();
    }
  }

  pause(paused) {
    this.paused = paused;
    this.say(paused ? "paused" : "connecting");
    if (paused) { this.close(); return; }
    this.heard = Date.now();
    this.open(); // a fresh stream begins with the whole board
  }

  say(state, told) {
    const node = byId("link"), said = told || page(state);
    node.dataset.state = state;
    if (node.lastElementChild.textContent !== said) { node.lastElementChild.textContent = said; }
  }
}
