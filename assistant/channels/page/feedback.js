// Thumbs under the newest answer, and why it did not help.

import { sendFeedback } from './server.js';
import { label, say } from './words.js';

const REASONS = ['why.wrong', 'why.unclear', 'why.unsolved'];
const UP = 'M7 21H3V10h4zm2 0V10l4-8c1.7 0 2.6 1.2 2.3 2.8L14.5 9H20a2 2 0 0 1 2 2.4l-1.6 8A2 2 0 0 1 18.4 21z';

/** Buttons for one message of the bot; `told(key)` is what a listener should hear. */
export function thumbs(seq, told) {
  const row = document.createElement('div');
  row.className = 'thumbs';
  const up = thumb('good', '');
  const down = thumb('bad', 'down');
  up.addEventListener('click', () => think(true));
  down.addEventListener('click', () => {
    row.replaceChildren(...REASONS.map((key) => reason(key)));
    row.firstElementChild.focus();
  });
  row.append(up, down);
  return row;

  function reason(key) {
    const chip = document.createElement('button');
    chip.type = 'button';
    chip.className = 'why';
    say(chip, key);
    chip.addEventListener('click', () => think(false, chip.textContent));
    return chip;
  }

  async function think(good, why) {
    const thanks = document.createElement('span');
    try {
      await sendFeedback({ seq, up: good, ...(why && { reason: why }) });
      say(thanks, 'thanks');
      told('thanks');
    } catch {
      say(thanks, 'failed.network');
      told('failed.network');
    }
    row.replaceChildren(thanks);
  }
}

function thumb(key, className) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = `thumb ${className}`;
  label(button, key);
  const picture = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  picture.setAttribute('viewBox', '0 0 24 24');
  picture.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', UP);
  picture.append(path);
  button.append(picture);
  return button;
}
