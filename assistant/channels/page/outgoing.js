// Own messages on their way: one at a time and in order, each with the client_id that makes a repeat harmless.

import { Refused, sendMessage, Unreachable } from './server.js';

const LONGEST_WAIT_S = 120;
const WAITS = 3;
const SECOND_TRY_MS = 800;

export class Outgoing {
  #log;
  #on;
  #items = new Map();
  #queue = [];
  #running = false;
  #epoch = 0;

  /** True while the server is answering: its own copy of the message may arrive before the answer. */
  busy = false;

  /** `on` = {ready(): promise of a session, accepted(), settled(), unreachable(), gone(text), failed(key, ...args), edit(text)}. */
  constructor(log, on) {
    this.#log = log;
    this.#on = on;
  }

  text(text) {
    this.#add({ text }, text);
  }

  choice(token, label) {
    this.#add({ choice: token }, label);
  }

  resend(id) {
    const item = this.#items.get(id);
    if (!item) return;
    this.#log.sending(id);
    this.#queue.push(item);
    this.#run();
  }

  /** Give a message that was refused back to the writer. */
  edit(id) {
    const item = this.#items.get(id);
    this.#items.delete(id);
    this.#log.withdraw(id);
    if (item) this.#on.edit(item.shown);
  }

  /** A new conversation: nothing of the earlier one may still be sent. */
  reset() {
    this.#epoch += 1;
    this.#items.clear();
    this.#queue.length = 0;
  }

  #add(content, shown) {
    const id = uuid();
    const item = { id, shown, body: { client_id: id, ...content } };
    this.#items.set(id, item);
    this.#log.pending(id, shown);
    this.#queue.push(item);
    this.#run();
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    while (this.#queue.length) await this.#deliver(this.#queue.shift());
    this.#running = false;
  }

  async #deliver(item) {
    const epoch = this.#epoch;
    for (let attempt = 0; ; attempt += 1) {
      await this.#on.ready();
      if (epoch !== this.#epoch) return;
      let again = 0;
      this.busy = true;
      try {
        const { seq } = await sendMessage(item.body);
        if (epoch !== this.#epoch) return;
        this.#items.delete(item.id);
        this.#log.sent(item.id, seq, item.body.choice ? item.shown : masked(item.shown));
        this.#on.accepted();
        return;
      } catch (error) {
        if (epoch !== this.#epoch) return;
        again = this.#afterFailure(item, error, attempt);
      } finally {
        this.busy = false;
        this.#on.settled();
      }
      if (!again) return;
      await this.#countDown(item, again, epoch);
      if (epoch !== this.#epoch) return;
      this.#log.sending(item.id);
    }
  }

  // What to do next: null = nothing, else how to wait before the next attempt.
  #afterFailure(item, error, attempt) {
    if (error instanceof Unreachable) {
      if (attempt === 0 && navigator.onLine) return { ms: SECOND_TRY_MS };
      this.#on.unreachable();
      return this.#fail(item, 'resend', 'failed.network');
    }
    if (!(error instanceof Refused)) throw error;
    const { status, waitS } = error;
    if (status === 401) {
      this.#on.gone([item, ...this.#queue].map(({ body }) => body.text ?? '').join(' ').trim());
      return null;
    }
    if (waitS !== null) {
      if (attempt >= WAITS || waitS > LONGEST_WAIT_S) return this.#fail(item, 'resend', 'failed.later', waitS);
      return { seconds: waitS, key: status === 429 ? 'wait.fast' : 'wait.busy' };
    }
    if (status === 413) return this.#fail(item, 'edit', 'failed.long');
    if (status < 500) return this.#fail(item, 'edit', 'failed.refused');
    return this.#fail(item, 'resend', 'failed.fault');
  }

  #fail(item, again, key, ...args) {
    this.#log.failed(item.id, again, key, ...args);
    this.#on.failed(key, ...args);
    return null;
  }

  async #countDown(item, { ms, seconds, key }, epoch) {
    if (ms) return pause(ms);
    this.#on.failed(key, seconds);
    for (let left = seconds; left > 0 && epoch === this.#epoch; left -= 1) {
      this.#log.waiting(item.id, key, left);
      await pause(1000);
    }
  }
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** The text as it may stay on the screen: long numbers and mail addresses hidden, as the server's history hides them. */
export function masked(text) {
  return text
    .replace(/[^\s@<>]+@[^\s@<>]+/g, (mail) => `${mail[0]}••••${mail.slice(mail.lastIndexOf('@'))}`)
    .replace(/\p{Nd}(?:[\s.\-–()]{0,3}\p{Nd}){5,}/gu, (number) => {
      const digits = number.replace(/\P{Nd}/gu, '');
      return [...digits].length > 8 ? `••••${[...digits].slice(-4).join('')}` : '••••••';
    });
}

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID(); // missing outside secure contexts
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
