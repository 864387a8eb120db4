// Every word the page itself says, in both languages, and how a change of language reaches what is already shown.

const WORDS = {
  vi: {
    name: 'Trợ lý VssID',
    ready: 'Miễn phí · Tự động',
    connecting: 'Đang kết nối…',
    lost: 'Mất kết nối, đang thử lại…',
    back: 'Đã kết nối lại.',
    about: 'Trợ lý trả lời tự động, miễn phí. Đừng gửi mật khẩu vào đây. Muốn biết số điện thoại hay trang chính thức, bạn cứ hỏi.',
    end: 'Kết thúc',
    log: 'Hội thoại',
    typing: 'Trợ lý đang trả lời…',
    newer: 'Tin mới',
    send: 'Gửi',
    bot: 'Trợ lý',
    me: 'Bạn',
    choices: 'Lựa chọn',
    links: 'Liên kết',
    'label.text': 'Tin nhắn của bạn',
    'label.code': 'Mã số BHXH',
    'label.otp': 'Mã OTP',
    'label.email': 'Địa chỉ email',
    'label.phone': 'Số điện thoại',
    'label.date': 'Ngày tháng năm',
    'hint.text': 'Nhập tin nhắn…',
    'hint.code': 'Nhập mã số…',
    'hint.otp': 'Nhập mã OTP…',
    'hint.email': 'Nhập email…',
    'hint.phone': 'Nhập số điện thoại…',
    'hint.date': 'Ngày/tháng/năm…',
    'keyboard.letters': 'abc, bàn phím chữ',
    'keyboard.digits': '123, bàn phím số',
    count: (n, limit) => `${n.toLocaleString('vi')}/${limit.toLocaleString('vi')} ký tự`,
    over: (n) => `Tin nhắn dài quá ${n.toLocaleString('vi')} ký tự, bạn rút gọn giúp nhé.`,
    sending: 'Đang gửi…',
    sent: 'Đã gửi',
    resend: 'Gửi lại',
    edit: 'Sửa lại',
    'failed.network': 'Chưa gửi được: mất kết nối.',
    'failed.long': 'Chưa gửi được: tin nhắn quá dài.',
    'failed.refused': 'Chưa gửi được: tin nhắn không được chấp nhận. Bạn thử viết lại hoặc tải lại trang.',
    'failed.fault': 'Chưa gửi được: hệ thống gặp lỗi.',
    'failed.later': (s) => `Chưa gửi được: hệ thống đang bận. Bạn thử lại sau ${Math.ceil(s / 60)} phút.`,
    'wait.fast': (s) => `Bạn gửi hơi nhanh. Tin sẽ tự gửi sau ${s} giây.`,
    'wait.busy': (s) => `Hệ thống đang bận. Tin sẽ tự gửi sau ${s} giây.`,
    'note.expired': 'Cuộc trò chuyện trước đã kết thúc. Đây là cuộc trò chuyện mới.',
    'note.kept': 'Cuộc trò chuyện trước đã kết thúc. Tin bạn vừa viết chưa được gửi và vẫn còn trong ô nhập.',
    'note.ended': 'Đã kết thúc và xóa cuộc trò chuyện trước khỏi màn hình này.',
    'note.stuck': 'Chưa kết thúc được vì mất kết nối. Bạn thử lại sau ít giây.',
    print: 'In hoặc lưu cuộc trò chuyện',
    good: 'Câu trả lời hữu ích',
    bad: 'Câu trả lời chưa hữu ích',
    thanks: 'Cảm ơn bạn đã góp ý.',
    'why.wrong': 'Không đúng',
    'why.unclear': 'Khó hiểu',
    'why.unsolved': 'Chưa giải quyết được',
    photos: 'Ảnh cần gửi',
    'photo.face': 'Khuôn mặt',
    'photo.id_front': 'Mặt trước CCCD',
    'photo.id_back': 'Mặt sau CCCD',
    'photo.choose': 'Chọn ảnh',
    'photo.sending': 'Đang gửi…',
    'photo.sent': 'Đã gửi',
    'photo.done': 'Tôi đã gửi xong 3 ảnh',
    'photo.network': 'Chưa gửi được, chọn lại',
    'photo.not_an_image': 'Không phải ảnh, chọn lại',
    'photo.too_small': 'Ảnh quá nhỏ, chọn lại',
    'photo.too_large': 'Ảnh quá lớn, chọn lại',
    'photo.too_many': 'Hôm nay đã gửi quá nhiều ảnh',
    'photo.no_registration': 'Chưa có hồ sơ nào đang chờ ảnh',
    'ending.title': 'Kết thúc cuộc trò chuyện?',
    'ending.text': 'Nội dung trò chuyện sẽ được xóa khỏi màn hình này và không xem lại được. Việc đang làm dở sẽ dừng lại.',
    'ending.stay': 'Ở lại',
    'ending.leave': 'Kết thúc',
  },
  en: {
    name: 'VssID Assistant',
    ready: 'Free · Automatic',
    connecting: 'Connecting…',
    lost: 'Connection lost, trying again…',
    back: 'Connected again.',
    about: 'Answers are automatic and free. Never type a password here. To check a phone number or an official page, just ask.',
    end: 'End chat',
    log: 'Conversation',
    typing: 'The assistant is answering…',
    newer: 'New message',
    send: 'Send',
    bot: 'Assistant',
    me: 'You',
    choices: 'Choices',
    links: 'Links',
    'label.text': 'Your message',
    'label.code': 'Social insurance code',
    'label.otp': 'One-time code',
    'label.email': 'Email address',
    'label.phone': 'Phone number',
    'label.date': 'Date',
    'hint.text': 'Type a message…',
    'hint.code': 'Type the code…',
    'hint.otp': 'Type the one-time code…',
    'hint.email': 'Type the email…',
    'hint.phone': 'Type the phone number…',
    'hint.date': 'Day/month/year…',
    'keyboard.letters': 'abc, letter keyboard',
    'keyboard.digits': '123, number keyboard',
    count: (n, limit) => `${n.toLocaleString('en')}/${limit.toLocaleString('en')} characters`,
    over: (n) => `This is ${n.toLocaleString('en')} character${n === 1 ? '' : 's'} too long. Please shorten it.`,
    sending: 'Sending…',
    sent: 'Sent',
    resend: 'Send again',
    edit: 'Edit',
    'failed.network': 'Not sent: no connection.',
    'failed.long': 'Not sent: the message is too long.',
    'failed.refused': 'Not sent: the message was not accepted. Please rewrite it or reload the page.',
    'failed.fault': 'Not sent: something went wrong on our side.',
    'failed.later': (s) => `Not sent: the service is busy. Please try again in ${Math.ceil(s / 60)} min.`,
    'wait.fast': (s) => `That was a little fast. It will be sent in ${s} s.`,
    'wait.busy': (s) => `The service is busy. It will be sent in ${s} s.`,
    'note.expired': 'The earlier conversation has ended. This is a new one.',
    'note.kept': 'The earlier conversation has ended. What you just wrote was not sent; it is still in the input box.',
    'note.ended': 'The earlier conversation has ended and was removed from this screen.',
    'note.stuck': 'The conversation could not be ended: no connection. Please try again in a moment.',
    print: 'Print or save the conversation',
    good: 'This answer helped',
    bad: 'This answer did not help',
    thanks: 'Thank you for telling.',
    'why.wrong': 'Not right',
    'why.unclear': 'Hard to understand',
    'why.unsolved': 'Did not solve it',
    photos: 'Photos to send',
    'photo.face': 'Your face',
    'photo.id_front': 'ID card, front',
    'photo.id_back': 'ID card, back',
    'photo.choose': 'Choose a photo',
    'photo.sending': 'Sending…',
    'photo.sent': 'Sent',
    'photo.done': 'I have sent the three photos',
    'photo.network': 'Not sent, choose again',
    'photo.not_an_image': 'No photo, choose again',
    'photo.too_small': 'Too small, choose again',
    'photo.too_large': 'Too large, choose again',
    'photo.too_many': 'Too many photos today',
    'photo.no_registration': 'No registration waits for photos',
    'ending.title': 'End this conversation?',
    'ending.text': 'The conversation will be removed from this screen and cannot be read again. Anything unfinished stops.',
    'ending.stay': 'Stay',
    'ending.leave': 'End chat',
  },
};

const LANGUAGE_KEY = 'chat.lang';
const shown = new WeakMap();
let current = 'vi';

/** The words for `key` in the language of the page. */
export function t(key, ...args) {
  const entry = WORDS[current][key];
  return typeof entry === 'function' ? entry(...args) : entry;
}

/** Show words as the text of `element`; they follow later changes of language. */
export function say(element, key, ...args) {
  element.dataset.t = key;
  shown.set(element, args);
  element.textContent = t(key, ...args);
}

/** Name `element` for assistive technology; follows later changes of language. */
export function label(element, key) {
  element.dataset.tLabel = key;
  element.setAttribute('aria-label', t(key));
}

export function language() {
  return current;
}

/** The language the person chose, by address or on an earlier visit; null when never chosen. */
export function chosenLanguage() {
  const asked = new URLSearchParams(location.search).get('lang');
  try {
    const kept = asked ?? localStorage.getItem(LANGUAGE_KEY);
    return known(kept) ? kept : null;
  } catch {
    return known(asked) ? asked : null; // storage is refused in some private windows
  }
}

const known = (lang) => Object.keys(WORDS).includes(lang);

/** Keep the language for the next visit, in place of one that the address asked for. */
export function rememberLanguage() {
  if (location.search) history.replaceState(null, '', location.pathname);
  try {
    localStorage.setItem(LANGUAGE_KEY, current);
  } catch {
    // the choice then lasts as long as the page
  }
}

/** Speak `lang` from now on, in everything already on the screen too. */
export function setLanguage(lang) {
  if (!known(lang)) return;
  current = lang;
  document.documentElement.lang = lang;
  document.title = t('name');
  for (const element of document.querySelectorAll('[data-t]')) {
    element.textContent = t(element.dataset.t, ...(shown.get(element) ?? []));
  }
  for (const element of document.querySelectorAll('[data-t-label]')) {
    element.setAttribute('aria-label', t(element.dataset.tLabel));
  }
}

/** The language a text seems to be in, so that a screen reader takes the right voice. */
export function languageOf(text) {
  if (/[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]/i.test(text)) return 'vi';
  return /[a-z]+\s+[a-z]+\s+[a-z]+/i.test(text) ? 'en' : current;
}
