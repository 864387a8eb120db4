// The chat's HTTP contract: what can be asked, and the two ways in which asking can fail.

const TIMEOUT_MS = 20000;
const DEFAULT_WAIT_S = 5;

/** The server answered, but with an error. `waitS` is how long it asks to wait (429, 503), else null. */
export class Refused extends Error {
  constructor(status, waitS) {
    super(`refused: ${status}`);
    this.status = status;
    this.waitS = waitS;
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
  throw new Refused(response.status, waitOf(response));
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
/** Forget this browser's conversation. */
export const endSession = () => post('end', {});
export const EVENTS = 'api/events';
