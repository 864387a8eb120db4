// The chat page: puts its parts together and keeps the one conversation of this browser.

import { Composer } from './composer.js';
import { Live } from './live.js';
import { Log, spoken } from './log.js';
import { Outgoing } from './outgoing.js';
import { Photos } from './photos.js';
import { announce, followKeyboard, Scroll } from './reading.js';
import { endSession, openSession } from './server.js';
import { chosenLanguage, language, rememberLanguage, say, setLanguage, t } from './words.js';

const SLOWEST_RETRY_MS = 15000;
const byId = (id) => document.getElementById(id);
const touch = matchMedia('(pointer: coarse)').matches;
const status = byId('status');
const typing = byId('typing');
const ending = byId('ending');

let session = null; // promise of the session that is open or being opened
let last = 0; // everything up to this seq has been received
let held = []; // [messages, gap] received while an own message was in flight
let chosen = chosenLanguage();

const scroll = new Scroll(byId('scroller'), byId('newer'));
const log = new Log(byId('log'), {
  choice: (token, label) => { outgoing.choice(token, label); scroll.toEnd(); leaveButton(); },
  resend: (id) => { outgoing.resend(id); leaveButton(); },
  edit: (id) => outgoing.edit(id),
  told: (key) => announce(t(key)),
});
const photos = new Photos(byId('photos'), {
  all: () => { outgoing.text(t('photo.done')); scroll.toEnd(); },
  told: (key) => announce(t(key)),
});
const composer = new Composer(
  byId('composer'),
  (text) => { outgoing.text(text); scroll.toEnd(); },
  (over) => announce(t('over', over)),
);
const outgoing = new Outgoing(log, {
  ready: () => session,
  accepted: () => live.expectAnswer(),
  settled: release,
  unreachable: () => live.sync(),
  gone: (text) => renew(text),
  failed: (key, ...args) => announce(t(key, ...args)),
  edit: (text) => composer.restore(text),
});
const live = new Live({
  after: () => last,
  messages: receive,
  typing: showTyping,
  connected,
  gone: () => renew(''),
});

/** Take messages from the server; answers how many were new. With `gap`, something before them is still missing. */
function receive(messages, gap = false) {
  if (outgoing.busy) {
    held.push([messages, gap]);
    return 0;
  }
  let fresh = 0;
  for (const message of messages) {
    if (!gap) last = Math.max(last, message.seq);
    if (!log.place(message)) continue;
    fresh += 1;
    if (message.from !== 'user') announce(spoken(message));
  }
  if (fresh) {
    ask();
    scroll.arrived();
  }
  return fresh;
}

function ask() {
  composer.ask(log.asked);
  photos.ask(log.asked === 'photo');
}

function release() {
  const lists = held;
  held = [];
  for (const [messages, gap] of lists) receive(messages, gap);
  scroll.arrived();
}

function showTyping(now) {
  typing.hidden = !now;
  if (now) scroll.arrived();
}

function connected(now) {
  const state = now ? 'ready' : 'lost';
  const before = status.dataset.state;
  if (before === state) return;
  status.dataset.state = state;
  say(status.firstElementChild, state);
  if (!now) {
    showTyping(false);
    announce(t('lost'));
  } else if (before === 'lost') {
    announce(t('back'));
  }
}

/** Open this browser's conversation, however long it takes; the promise never fails. */
async function open() {
  for (let wait = 1000; ; wait = Math.min(wait * 2, SLOWEST_RETRY_MS)) {
    try {
      const answer = await openSession(chosen);
      if (!chosen) changeLanguage(answer.lang);
      return answer;
    } catch (error) {
      connected(false);
      await pauseOrOnline(error.waitS ? error.waitS * 1000 : wait);
    }
  }
}

function pauseOrOnline(ms) {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    window.addEventListener('online', () => { clearTimeout(timer); done(); }, { once: true });
  });
}

async function begin(note) {
  live.stop();
  outgoing.reset();
  held = [];
  last = 0;
  log.clear();
  showTyping(false);
  if (note) {
    log.note(note);
    announce(t(note));
  }
  session = open();
  const { messages } = await session;
  connected(true);
  await log.fill(messages);
  last = Math.max(0, ...messages.map((message) => message.seq));
  // A greeting is news, a history is not.
  if (!messages.some((message) => message.from === 'user')) {
    for (const message of messages) announce(spoken(message));
  }
  ask();
  scroll.toEnd();
  live.start();
}

let renewing = null;
function renew(text) {
  renewing ??= begin(text ? 'note.kept' : 'note.expired').finally(() => { renewing = null; });
  if (text) composer.restore(text);
}

function changeLanguage(lang) {
  setLanguage(lang);
  composer.translate();
  const other = language() === 'vi' ? ['en', 'EN', 'English'] : ['vi', 'VI', 'Tiếng Việt'];
  const button = byId('language');
  [button.lang, button.textContent] = other;
  button.setAttribute('aria-label', `${other[1]}, ${other[2]}`);
}

// A button that disappears must not take the focus with it; a phone's keyboard is not opened unasked.
function leaveButton() {
  if (touch) byId('log').focus({ preventScroll: true });
  else composer.focus();
}

byId('language').addEventListener('click', async () => {
  chosen = language() === 'vi' ? 'en' : 'vi';
  changeLanguage(chosen);
  rememberLanguage();
  try {
    await session;
    receive((await openSession(chosen)).messages);
  } catch {
    // told again with the next session; the page itself has changed already
  }
});

byId('print').addEventListener('click', () => window.print());
byId('end').addEventListener('click', () => ending.showModal());
byId('stay').addEventListener('click', () => ending.close());
byId('leave').addEventListener('click', async () => {
  ending.close();
  live.stop();
  try {
    await endSession();
  } catch (error) {
    if (error.status !== 401) {
      log.note('note.stuck');
      announce(t('note.stuck'));
      scroll.arrived();
      live.start();
      return;
    }
  }
  composer.clear();
  if (chosen) rememberLanguage(); // the server may have cleared the storage
  await begin('note.ended');
  leaveButton();
});

followKeyboard();
changeLanguage(chosen ?? 'vi');
if (!touch) composer.focus();
begin();
