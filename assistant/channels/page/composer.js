// Where the person writes: one field whose keyboard and autofill follow what the bot asked for, and that always takes words too.

import { label, say, t } from './words.js';

export const LIMIT = 1000; // characters, as the server counts them
const COUNT_FROM = 850;

const LINES = {
  code: { inputMode: 'numeric', autocomplete: 'off' },
  otp: { inputMode: 'numeric', autocomplete: 'one-time-code' },
  email: { inputMode: 'email', autocomplete: 'email' },
  phone: { inputMode: 'tel', autocomplete: 'tel' },
  date: { inputMode: 'decimal', autocomplete: 'bday' }, // decimal: iOS has no separator on its numeric keyboard
};

export class Composer {
  #onSend;
  #onOver;
  #toggle;
  #count;
  #label;
  #area;
  #line;
  #asked = 'text';
  #letters = false;
  #swapping = false;

  /** `onSend(text)` gets what was written; `onOver(n)` is told when it is n characters too long. */
  constructor(form, onSend, onOver) {
    this.#onSend = onSend;
    this.#onOver = onOver;
    this.#toggle = form.querySelector('#keyboard');
    this.#count = form.querySelector('#count');
    this.#label = form.querySelector('#field-label');
    this.#area = form.querySelector('textarea');
    this.#line = document.createElement('input');
    this.#line.type = 'text';
    this.#line.id = this.#area.id;
    this.#line.enterKeyHint = 'send';
    this.#line.autocapitalize = 'off';
    this.#line.spellcheck = false;
    for (const field of [this.#area, this.#line]) {
      field.addEventListener('keydown', (event) => this.#key(event));
      field.addEventListener('input', () => this.#grow());
      field.addEventListener('blur', () => this.#show());
    }
    form.addEventListener('submit', (event) => { event.preventDefault(); this.#send(); });
    this.#toggle.addEventListener('click', () => this.#switchKeyboard());
    for (const button of [this.#toggle, form.querySelector('#send')]) {
      // a press must not take the focus, or a phone closes its keyboard
      button.addEventListener('mousedown', (event) => event.preventDefault());
    }
    this.#show();
  }

  /** What the bot asks for now. A half-written message keeps its keyboard until it is sent. */
  ask(kind) {
    const asked = kind in LINES ? kind : 'text';
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#letters = false;
    this.#show();
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }

  /** Put text back for correction; what is being written stays in front of it. */
  restore(text) {
    const field = this.#field;
    field.value = field.value ? `${field.value} ${text}` : text;
    this.#grow();
    this.focus();
  }

  /** Words that depend on the language and are not plain text. */
  translate() {
    this.#words(this.#field.dataset.input);
    this.#grow();
  }

  clear() {
    this.#field.value = '';
    this.#show();
    this.#grow();
  }

  get #field() {
    return this.#line.isConnected ? this.#line : this.#area;
  }

  #key(event) {
    if (event.key !== 'Enter') return;
    const composing = event.isComposing || event.keyCode === 229; // this Enter belongs to the input method
    const sends = !composing && !event.shiftKey;
    if (sends || event.target === this.#line) event.preventDefault(); // a one-line field would submit by itself
    if (sends) this.#send();
  }

  #send() {
    const text = this.#field.value.trim();
    const over = lengthOf(text) - LIMIT;
    if (over > 0) return this.#onOver(over);
    if (text) {
      this.#field.value = '';
      this.#show();
      this.#grow();
      this.#onSend(text);
    }
    this.focus();
  }

  #switchKeyboard() {
    this.#letters = !this.#letters;
    const text = this.#field.value;
    this.#show(true);
    this.#field.value = text;
    this.#grow();
    this.focus();
  }

  // Swap the field unless that would tear a word out of somebody's hands.
  #show(force = false) {
    const old = this.#field;
    const line = this.#asked !== 'text' && !this.#letters;
    const kind = line ? this.#asked : 'text';
    if (this.#swapping || (old.value && !force)) return;
    const focused = document.activeElement === old;
    const field = line ? this.#line : this.#area;
    if (line) {
      field.inputMode = LINES[kind].inputMode;
      field.autocomplete = LINES[kind].autocomplete;
    }
    if (field !== old) {
      this.#swapping = true;
      old.value = '';
      old.before(field);
      if (focused) field.focus({ preventScroll: true }); // before the old one goes, or a phone closes its keyboard
      old.remove();
      this.#swapping = false;
    }
    field.dataset.input = kind;
    this.#toggle.hidden = !['code', 'otp', 'phone', 'date'].includes(this.#asked);
    this.#words(kind);
  }

  #words(kind) {
    say(this.#label, `label.${kind}`);
    this.#field.placeholder = t(`hint.${kind}`);
    this.#toggle.textContent = this.#letters ? '123' : 'abc';
    label(this.#toggle, this.#letters ? 'keyboard.digits' : 'keyboard.letters');
  }

  #grow() {
    const field = this.#field;
    if (field === this.#area) {
      field.style.height = 'auto';
      field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
    }
    const length = lengthOf(field.value.trim());
    this.#count.hidden = length < COUNT_FROM;
    this.#count.classList.toggle('over', length > LIMIT);
    if (length > LIMIT) say(this.#count, 'over', length - LIMIT);
    else say(this.#count, 'count', length, LIMIT);
    field.setAttribute('aria-invalid', String(length > LIMIT));
    if (this.#count.hidden) field.removeAttribute('aria-describedby');
    else field.setAttribute('aria-describedby', this.#count.id);
  }
}

function lengthOf(text) {
  return [...text.normalize('NFC')].length;
}
