// New messages as they come: server-sent events, polling while those fail, and a re-sync by seq whenever something may have been missed.

import { EVENTS, messagesAfter, Refused } from './server.js';

const POLL_MS = 2000;
const SLOWEST_POLL_MS = 15000;
const REOPEN_MS = 20000;
const DEAF_AFTER_MS = 4000;
const HIDDEN_MS = 5 * 60 * 1000;

export class Live {
  #on;
  #running = false;
  #period = 0; // counts the conversations, so that a late answer of an earlier one is dropped
  #connected = true;
  #events = null;
  #open = false;
  #reopenAt = 0;
  #heardAt = 0;
  #pollTimer = 0;
  #pollMs = POLL_MS;
  #hiddenTimer = 0;
  #syncing = null;
  #again = false;
  #typingHeard = 0; // counts the typing events, which are newer than the answer of a fetch under way

  /** `on` = {after(): seq, messages(list): number of new ones, typing(bool), connected(bool), gone()}. */
  constructor(on) {
    this.#on = on;
    document.addEventListener('visibilitychange', () => this.#visibility());
    window.addEventListener('online', () => this.#wake());
    window.addEventListener('offline', () => this.#running && this.sync());
    window.addEventListener('pageshow', (event) => event.persisted && this.#wake());
    window.addEventListener('pagehide', () => this.#close());
  }

  start() {
    this.#running = true;
    this.#connect();
  }

  stop() {
    this.#running = false;
    this.#period += 1;
    this.#close();
    this.#rest();
  }

  /** A message was handed in: events that stay silent although something came are not working (a buffering proxy). */
  expectAnswer() {
    const asked = Date.now();
    setTimeout(async () => {
      if (!this.#running || !this.#open || this.#heardAt >= asked) return;
      if (await this.sync()) {
        this.#close();
        this.#reopenAt = Date.now() + 3 * REOPEN_MS;
        this.#poll(POLL_MS);
      }
    }, DEAF_AFTER_MS);
  }

  /** Fetch what is missing; answers how many messages were new. Calls that overlap share one request and one more after it. */
  async sync() {
    if (this.#syncing) {
      this.#again = true;
      return this.#syncing;
    }
    this.#syncing = this.#fetch();
    const fresh = await this.#syncing;
    this.#syncing = null;
    if (this.#again) {
      this.#again = false;
      return fresh + (await this.sync());
    }
    return fresh;
  }

  async #fetch() {
    const period = this.#period;
    const typingHeard = this.#typingHeard;
    try {
      const { messages, typing } = await messagesAfter(this.#on.after());
      if (period !== this.#period) return 0;
      this.#connected = true;
      const fresh = this.#on.messages(messages);
      if (typingHeard === this.#typingHeard) this.#on.typing(typing);
      this.#on.connected(true);
      this.#pollMs = POLL_MS;
      return fresh;
    } catch (error) {
      if (period !== this.#period) return 0;
      if (error instanceof Refused && error.status === 401) {
        this.#on.gone();
        return 0;
      }
      this.#connected = false;
      this.#on.connected(false);
      this.#pollMs = Math.min(this.#pollMs * 1.5, SLOWEST_POLL_MS);
      this.#poll(this.#pollMs);
      return 0;
    }
  }

  #connect() {
    this.#close();
    const events = new EventSource(`${EVENTS}?after=${this.#on.after()}`);
    this.#events = events;
    this.#reopenAt = Date.now() + REOPEN_MS;
    events.addEventListener('open', () => {
      this.#open = true;
      this.#rest();
      this.sync();
    });
    events.addEventListener('message', (event) => {
      this.#heardAt = Date.now();
      const message = parsed(event.data);
      if (!message) return;
      // A gap means that something was missed, or that own messages are not streamed: ask once.
      const gap = message.seq > this.#on.after() + 1;
      this.#on.messages([message], gap);
      if (gap) this.sync();
    });
    events.addEventListener('typing', (event) => {
      this.#heardAt = Date.now();
      const state = parsed(event.data);
      this.#typingHeard += 1;
      if (state) this.#on.typing(state.typing);
    });
    events.addEventListener('error', () => {
      if (events !== this.#events) return;
      this.#open = false;
      if (events.readyState === EventSource.CLOSED) this.#events = null;
      if (!this.#pollTimer) this.#poll(500);
    });
  }

  #poll(delay) {
    this.#rest();
    if (!this.#running || (this.#open && this.#connected)) return;
    this.#pollTimer = setTimeout(async () => {
      this.#pollTimer = 0;
      await this.sync();
      if (!this.#running) return;
      if (!this.#events && Date.now() > this.#reopenAt) this.#connect();
      this.#poll(this.#pollMs);
    }, delay);
  }

  #rest() {
    clearTimeout(this.#pollTimer);
    this.#pollTimer = 0;
  }

  #close() {
    this.#events?.close();
    this.#events = null;
    this.#open = false;
  }

  #wake() {
    if (!this.#running) return;
    this.#pollMs = POLL_MS;
    if (this.#open) this.sync();
    else this.#connect();
    this.#poll(0);
  }

  #visibility() {
    clearTimeout(this.#hiddenTimer);
    if (document.visibilityState === 'visible') this.#wake();
    else this.#hiddenTimer = setTimeout(() => { this.#close(); this.#rest(); }, HIDDEN_MS);
  }
}

function parsed(data) {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
