// Reading along: the screen reader's announcements, and a scroll position that sticks to the end only for a reader who is there.

import { languageOf } from './words.js';

const ANNOUNCED_FOR_MS = 2000;
const NEAR_END_PX = 48;

/** Speak `text` once through the page's only live region. */
export function announce(text) {
  const line = document.createElement('p');
  line.lang = languageOf(text);
  line.textContent = text;
  document.getElementById('announcer').append(line);
  setTimeout(() => line.remove(), ANNOUNCED_FOR_MS);
}

/** Keeps the newest line in sight of a reader at the end, and offers a pill to one who has scrolled up. */
export class Scroll {
  #scroller;
  #pill;
  #atEnd = true;

  constructor(scroller, pill) {
    this.#scroller = scroller;
    this.#pill = pill;
    scroller.addEventListener('scroll', () => this.#look(), { passive: true });
    pill.addEventListener('click', () => this.toEnd());
    // A keyboard that opens, or a taller input, must not cover the last message.
    new ResizeObserver(() => this.#atEnd && this.toEnd()).observe(scroller);
    new ResizeObserver(() => this.#atEnd && this.toEnd()).observe(scroller.firstElementChild);
  }

  toEnd() {
    this.#atEnd = true;
    this.#pill.hidden = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** Something new stands at the end. */
  arrived() {
    if (this.#atEnd) this.toEnd();
    else this.#pill.hidden = false;
  }

  #look() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (this.#atEnd) this.#pill.hidden = true;
  }
}

/** iOS lays its keyboard over the page instead of shrinking it: give the page the height that is left. */
export function followKeyboard() {
  const view = window.visualViewport;
  if (!view) return;
  const fit = () => {
    const covered = view.scale === 1 && window.innerHeight - view.height > 80;
    const style = document.documentElement.style;
    if (covered) style.setProperty('--height', `${view.height}px`);
    else style.removeProperty('--height');
    if (covered) window.scrollTo(0, 0);
  };
  view.addEventListener('resize', fit);
  view.addEventListener('scroll', fit);
}
