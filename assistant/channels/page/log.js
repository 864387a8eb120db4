// The conversation on the screen: every message once, placed by `seq`; own messages from pending to sent or failed.

import { thumbs } from './feedback.js';
import { language, languageOf, say, t } from './words.js';

const PIECE = 40; // messages placed at once
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])$/;

export class Log {
  #list;
  #on;
  #placed = new Map();
  #own = new Map();
  #last = 0; // the highest seq placed

  /** `on` = {choice(token, label), resend(id), edit(id, text), told(key)}. */
  constructor(list, on) {
    this.#list = list;
    this.#on = on;
  }

  /** Place a whole history, a piece at a time: a phone stays able to scroll and type meanwhile. */
  async fill(messages) {
    for (const [index, message] of messages.entries()) {
      if (index && index % PIECE === 0) await new Promise((done) => setTimeout(done));
      this.#put(message);
    }
    this.#refresh();
  }

  /** Place a message of the server; false when it stood there already (then only its text is taken over). */
  place(message) {
    const fresh = this.#put(message);
    if (fresh) this.#refresh();
    return fresh;
  }

  #put(message) {
    const known = this.#placed.get(message.seq);
    if (known) {
      if (message.from === 'user') this.#text(known).textContent = message.text;
      return false;
    }
    const item = this.#bubble(message.from === 'user' ? 'me' : 'bot', message.text ?? '', message.at);
    if (item.dataset.from === 'bot') this.#extras(item, message);
    this.#insert(item, message.seq);
    return true;
  }

  /** Show an own message at once, before the server has it. */
  pending(id, text) {
    const item = this.#bubble('me', text);
    this.#own.set(id, item);
    this.#list.append(item);
    this.sending(id);
  }

  sending(id) {
    this.#mark(id, 'pending', 'sending');
  }

  /** The server took message `id` as `seq`; from now on it reads as `text` (masked). */
  sent(id, seq, text) {
    const item = this.#own.get(id);
    if (!item) return;
    this.#own.delete(id);
    delete item.dataset.state;
    const known = this.#placed.get(seq);
    if (known && known !== item) {
      item.remove(); // it came back through the server before the answer did
    } else {
      this.#text(item).textContent = text;
      say(item.querySelector('.state'), 'sent');
      this.#insert(item, seq);
    }
    this.#refresh();
  }

  waiting(id, key, seconds) {
    this.#mark(id, 'pending', key, seconds);
  }

  /** Message `id` was not sent, and why. `again` is 'resend' or 'edit'. */
  failed(id, again, key, ...args) {
    const item = this.#mark(id, 'failed', key, ...args);
    if (!item) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'again';
    say(button, again);
    button.addEventListener('click', () => this.#on[again](id, this.#text(item).textContent));
    item.querySelector('.meta').append(button);
  }

  withdraw(id) {
    this.#own.get(id)?.remove();
    this.#own.delete(id);
    this.#refresh();
  }

  /** A line of the page itself. */
  note(key) {
    const item = document.createElement('div');
    item.className = 'note';
    say(item, key);
    this.#list.append(item);
  }

  clear() {
    this.#placed.clear();
    this.#own.clear();
    this.#last = 0;
    this.#list.replaceChildren();
  }

  /** What the newest message of the bot asks for: text, code, otp, email, phone, date or photo. */
  get asked() {
    return this.#newest((item) => item.dataset.from === 'bot')?.dataset.asks ?? 'text';
  }

  #text(item) {
    return item.querySelector('.text');
  }

  #bubble(from, text, at) {
    const item = document.createElement('div');
    item.dataset.from = from;
    const speaker = element('span', 'unseen');
    const bubble = element('div', 'bubble');
    const words = element('p', 'text', text);
    words.lang = languageOf(text);
    say(speaker, from);
    bubble.append(words);
    const meta = element('p', 'meta');
    const when = at ? new Date(at) : new Date();
    const time = element('time', '', clock(when));
    if (!Number.isNaN(when.valueOf())) time.dateTime = when.toISOString();
    meta.append(element('span', 'state'), time);
    item.append(speaker, bubble, meta);
    return item;
  }

  #extras(item, { seq, links, choices, input }) {
    item.dataset.asks = input ?? 'text';
    if (links?.length) {
      const list = element('ul', 'links');
      for (const link of links) list.append(linkLine(link));
      item.querySelector('.bubble').append(list);
    }
    if (choices?.length) {
      const chips = element('div', 'chips');
      for (const { token, label } of choices) {
        const chip = element('button', 'chip', label);
        chip.type = 'button';
        chip.addEventListener('click', () => this.#on.choice(token, label));
        chips.append(chip);
      }
      item.append(chips);
    }
    item.append(thumbs(seq, this.#on.told));
  }

  #mark(id, state, key, ...args) {
    const item = this.#own.get(id);
    if (!item) return null;
    item.dataset.state = state;
    item.querySelector('.again')?.remove();
    say(item.querySelector('.state'), key, ...args);
    this.#refresh();
    return item;
  }

  // By seq; own messages still under way stay below everything, failed ones where they failed.
  #insert(item, seq) {
    let before = null;
    const newest = seq > this.#last;
    this.#last = Math.max(seq, this.#last);
    for (let other = this.#list.lastElementChild; other; other = other.previousElementSibling) {
      if (other === item) continue;
      const otherSeq = Number(other.dataset.seq ?? 0);
      const below = otherSeq ? otherSeq > seq : other.dataset.state === 'pending' || !newest;
      if (!below) break;
      before = other;
    }
    item.dataset.seq = seq;
    this.#placed.set(seq, item);
    this.#list.insertBefore(item, before);
  }

  #newest(fits) {
    let found = null;
    for (const [seq, item] of this.#placed) {
      if (fits(item) && (!found || seq > Number(found.dataset.seq))) found = item;
    }
    return found;
  }

  // Only the newest choices can be taken, and only until the person has answered.
  #refresh() {
    const offering = this.#newest((item) => item.querySelector('.chips'));
    const answered = this.#newest((item) => item.dataset.from === 'me');
    const underWay = [...this.#own.values()].some((item) => item.dataset.state === 'pending');
    const open = offering && !underWay && !(Number(answered?.dataset.seq) > Number(offering.dataset.seq));
    for (const chips of this.#list.querySelectorAll('.chips')) {
      chips.hidden = !open || chips.parentElement !== offering;
    }
  }
}

function element(tag, className, text = '') {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

// Our own pages, https and tel lead somewhere; http does on the developer's machine, where the account page has no certificate.
function linkLine({ label, url }) {
  const line = document.createElement('li');
  let target = null;
  try {
    target = new URL(url, location.href);
  } catch {
    // not an address: the label is shown as words
  }
  const local = target?.protocol === 'http:' && LOOPBACK.test(target.hostname) && LOOPBACK.test(location.hostname);
  const own = target?.origin === location.origin;
  if (!target || !(['https:', 'tel:'].includes(target.protocol) || own || local)) {
    line.textContent = label;
    return line;
  }
  const anchor = element('a', '', label);
  anchor.href = target.href;
  anchor.rel = 'noopener noreferrer';
  if (target.protocol !== 'tel:') anchor.target = '_blank';
  line.append(anchor);
  return line;
}

function clock(when) {
  if (Number.isNaN(when.valueOf())) return '';
  const today = when.toDateString() === new Date().toDateString();
  const day = today ? {} : { day: '2-digit', month: '2-digit' };
  return new Intl.DateTimeFormat(language(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...day }).format(when);
}

/** What a listener should hear of a bot message. */
export function spoken({ text, links, choices }) {
  const parts = [`${t('bot')}: ${text ?? ''}`];
  if (links?.length) parts.push(`${t('links')}: ${links.map((link) => link.label).join(', ')}`);
  if (choices?.length) parts.push(`${t('choices')}: ${choices.map((choice) => choice.label).join(', ')}`);
  return parts.join('. ');
}
