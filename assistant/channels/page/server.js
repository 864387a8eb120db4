// The chat's HTTP contract: what can be asked, and the two ways in which asking can fail.

const TIMEOUT_MS = 20000;
const PHOTO_TIMEOUT_MS = 90000; // a photo on a slow mobile network
const DEFAULT_WAIT_S = 5;

/** The server answered, but with an error. `waitS` is how long it asks to wait (429, 503), else null; `code` names it. */
export class Refused extends Error {
  constructor(status, waitS, code) {
    super(`refused: ${status}`);
    this.status = status;
    this.waitS = waitS;
    this.code = code;
  }
}

/** No usable answer came; whether the request arrived is unknown. */
export class Unreachable extends Error {}

async function call(path, options) {
  let response;
  try {
    const signal = AbortSignal.timeout?.(TIMEOUT_MS); // missing in phones of 2021
    response = await fetch(`api/${path}`, { cache: 'no-store', signal, ...options });
    if (response.ok) return response.status === 204 ? null : await response.json();
  } catch (cause) {
    throw new Unreachable('no answer', { cause });
  }
  const { error } = await response.json().catch(() => ({}));
  throw new Refused(response.status, waitOf(response), error?.code);
}

function waitOf(response) {
  if (response.status !== 429 && response.status !== 503) return null;
  const seconds = Number(response.headers.get('Retry-After'));
  return seconds > 0 ? Math.ceil(seconds) : DEFAULT_WAIT_S;
}

function post(path, body) {
  const headers = { 'Content-Type': 'application/json', 'X-CB': '1' };
  return call(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** Begin or take up this browser's conversation: `{messages, lang}`. */
export const openSession = (lang) => post('session', lang ? { lang } : {});
/** Hand in one message: `{seq}`. The same `client_id` twice is one message. */
export const sendMessage = (body) => post('messages', body);
/** What came after `seq`: `{messages, typing}`. */
export const messagesAfter = (seq) => call(`messages?after=${seq}`);
/** Hand in one photo of a registration (`kind` face, id_front or id_back). */
export function sendPhoto(kind, photo) {
  const body = new FormData();
  body.append('kind', kind);
  body.append('file', photo, `${kind}.jpg`);
  return call('uploads', { method: 'POST', headers: { 'X-CB': '1' }, body, signal: AbortSignal.timeout?.(PHOTO_TIMEOUT_MS) });
}
/** What a person thinks of message `seq`: `{seq, up, reason?}`. */
export const sendFeedback = (body) => post('feedback', body);
/** Forget this browser's conversation. */
export const endSession = () => post('end', {});
export const EVENTS = 'api/events';
