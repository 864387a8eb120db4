// The three photos of a registration: chosen or taken, looked at, made small enough for mobile data, and sent.

import { sendPhoto, Refused } from './server.js';
import { say, t } from './words.js';

const KINDS = ['face', 'id_front', 'id_back'];
const LONGEST_SIDE = 2400; // pixels: every letter of an identity card can be read
const PREVIEW_PX = 240;
const QUALITY = 0.9;

export class Photos {
  #panel;
  #on;
  #tiles = new Map();

  /** `on` = {all(), told(key, ...args)}: all three are there; something that a listener should hear. */
  constructor(panel, on) {
    this.#panel = panel;
    this.#on = on;
    for (const kind of KINDS) this.#tiles.set(kind, this.#tile(kind));
    panel.append(...[...this.#tiles.values()].map((tile) => tile.item));
  }

  /** Show the panel while photos are asked for; a new request begins with empty tiles. */
  ask(wanted) {
    if (wanted === !this.#panel.hidden) return;
    this.#panel.hidden = !wanted;
    if (!wanted) return;
    for (const tile of this.#tiles.values()) this.#mark(tile, '', 'photo.choose');
  }

  #tile(kind) {
    const item = document.createElement('label');
    const input = document.createElement('input');
    const canvas = document.createElement('canvas');
    const name = document.createElement('span');
    const state = document.createElement('span');
    item.className = 'tile';
    input.type = 'file';
    input.accept = 'image/jpeg,image/png,image/webp';
    input.className = 'unseen';
    canvas.width = 0;
    canvas.setAttribute('aria-hidden', 'true');
    name.className = 'kind';
    state.className = 'photo-state';
    say(name, `photo.${kind}`);
    say(state, 'photo.choose');
    item.append(input, canvas, name, state);
    const tile = { kind, item, input, canvas, state };
    input.addEventListener('change', () => input.files.length && this.#send(tile, input.files[0]));
    return tile;
  }

  async #send(tile, file) {
    this.#mark(tile, 'sending', 'photo.sending');
    tile.input.value = ''; // the same file may be chosen again
    try {
      const small = await shrunk(file, tile.canvas);
      await sendPhoto(tile.kind, small);
    } catch (error) {
      this.#mark(tile, 'failed', reason(error));
      this.#on.told(reason(error));
      return;
    }
    this.#mark(tile, 'sent', 'photo.sent');
    if ([...this.#tiles.values()].every((one) => one.item.dataset.state === 'sent')) this.#on.all();
    else this.#on.told('photo.sent');
  }

  #mark(tile, state, key) {
    tile.item.dataset.state = state;
    if (!state) tile.canvas.width = 0;
    say(tile.state, key);
  }
}

// A picture the browser cannot read is no photo; one it can is drawn anew, which leaves place and camera out.
async function shrunk(file, preview) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    throw new Refused(400, null, 'not_an_image');
  }
  draw(picture, preview, PREVIEW_PX);
  const canvas = document.createElement('canvas');
  draw(picture, canvas, LONGEST_SIDE);
  picture.close();
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
}

function draw(picture, canvas, longest) {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
}

function reason(error) {
  const key = `photo.${error.code ?? 'network'}`;
  return t(key) ? key : 'photo.network';
}
