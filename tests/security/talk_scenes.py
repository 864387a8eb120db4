"""Somebody who tells far too much: in every topic, and at every question of every form."""

from collections.abc import Iterable, Iterator
from itertools import cycle, islice

from tests.security.canaries import ACCOUNT, OTP_TYPED, PERSONAL
from tests.security.channel_drivers import Driver, has_form
from tests.security.product_topics import examples, forms
from tests.security.stage import Stage

SPELLINGS = [spelling for canary in PERSONAL for spelling in canary.typed]
ONE_OF_EACH = [canary.typed[0] for canary in PERSONAL]
ASKS = "utter_ask_"
SPOKEN = "hotline_password_form"
BEGUN_BY = {SPOKEN: "forgot_password"}
"""Forms that begin with another intent's sentences than those of their own name."""
AT_MOST = 1000
"""Characters a message may have."""
MESSAGES_A_TOPIC = 12
SAID = {
    "confirmed": ("đúng rồi",), "photos": ("xong",), "province": ("Hải Phòng",), "office": ("Hải Phòng",),
    "number": (ACCOUNT["personal_id"],),
}  # fmt: skip
"""What answers a question that no single value of the account answers."""


def talk_about_everything(stage: Stage, channel: str) -> None:
    """Say one sentence of every topic with values before, in and after it; every spelling has its turn."""
    topics = {name: sentences[0] for name, sentences in examples().items()}
    each = -(-len(SPELLINGS) // len(topics)) + 1
    values = cycle(SPELLINGS)
    with stage.person(channel) as person:
        for sentence in topics.values():
            person.say(_glued(sentence, list(islice(values, each))))


def talk_about_everything_at_length(stage: Stage, channel: str) -> None:
    """Say sentences of every topic with one value each at changing places, outside and inside of every form."""
    values = cycle(SPELLINGS)
    for begin in [None, *(_first_sentence(form) for form in forms() if has_form(channel, form))]:
        for lines in examples().values():
            with stage.person(channel) as person:
                for place, line in enumerate(islice(cycle(lines), MESSAGES_A_TOPIC)):
                    if begin is not None:
                        person.say(begin)
                    person.say(_glued(line, [*[""] * (place % 3), next(values)]))


def answer_every_question(stage: Stage, channel: str, values: list[str], *, at_once: int) -> None:
    """Give every value at every question of every form, that many in a message, and go on to the end."""
    for form, slots in forms().items():
        if not has_form(channel, form):
            continue
        asked: list[str] = []
        for slot in slots:
            for said in _chunks(values, at_once):
                with stage.person(channel) as person:
                    if _reach(stage, person, form, slot):
                        asked.append(slot)
                        person.say(", ".join(said))
        assert set(asked) == set(slots), f"{form} asked only for {set(asked)}: teach `_reach` how its questions are answered"


def reset_with_every_word(stage: Stage, channel: str) -> None:
    """Go through a whole reset while telling everything else, until the mailed password is there."""
    before = stage.learn_mailed_passwords()
    if has_form(channel, SPOKEN):
        return _call_with_every_word(stage, channel)
    with stage.person(channel) as person:
        person.say("Tôi là Vũ Thị Kim Hoàng Nguyệt, sinh ngày 23/07/1985, tôi quên mật khẩu")
        person.say("cccd 001185073946, sdt 0978 264 513, à không, mã số bhxh là 8143650927")
        person.say(f"email {ACCOUNT['email']}, mật khẩu cũ là Tweety#5582sing")
        person.say(f"mã là {OTP_TYPED}")
        otp = stage.otp()
        person.say("mã là " + " ".join(otp))
        person.say(f"đã nhập {otp} rồi nhé")
    assert stage.learn_mailed_passwords() == before + 1, "the reset this test searches for did not happen"


def _call_with_every_word(stage: Stage, channel: str) -> None:
    stage.programs.new_account(**ACCOUNT)
    with stage.person(channel) as person:
        person.say("Tôi là Vũ Thị Kim Hoàng Nguyệt, sinh ngày 23/07/1985, tôi quên mật khẩu")
        heard = person.say("cccd 001185073946, sdt 0978 264 513, à không, mã số bhxh là 8143650927")
        assert person.secrets() or "utter_hotline_password_limit" in heard, "nothing was read out"


def everything_at_once() -> str:
    """Return one message with a value of every kind."""
    return _glued("tôi quên mật khẩu", ONE_OF_EACH)


def _reach(stage: Stage, person: Driver, form: str, slot: str) -> bool:
    """Begin a form and answer its questions truly until it asks for that slot."""
    stage.programs.new_account(**ACCOUNT)
    question = _begin(person, form)
    while question != slot:
        if question.endswith("_photos"):
            person.hand_in_photos()
        for answer in _true_answers(stage, question):
            following = _question(person.say(answer), question)
            if following != question:
                question = following
                break
        else:
            return False
    return True


def _begin(person: Driver, form: str) -> str:
    """Say the form's own sentences until one begins it at its first question: some give values, some are answered otherwise."""
    for sentence in (one for one in examples()[BEGUN_BY.get(form, form.removesuffix("_form"))] if not any(map(str.isdigit, one))):
        question = _question(person.say(sentence), "")
        if question.startswith(form.removesuffix("_form")):
            return question
    return ""


def _true_answers(stage: Stage, question: str) -> Iterator[str]:
    """Yield what may be the answer, what the question's name speaks of first."""
    if question.endswith("_otp"):
        yield stage.otp(ACCOUNT["phone"] if question.endswith("phone_otp") else ACCOUNT["email"])
        return
    yield from SAID.get(question.rpartition("_")[2], ())
    nouns = question.rpartition("_")[2]
    yield from sorted(ACCOUNT.values(), key=lambda value: not any(nouns in kind for kind in ACCOUNT if ACCOUNT[kind] == value))


def _question(responses: Iterable[str], before: str) -> str:
    asked = [name.removeprefix(ASKS) for name in responses if name.startswith(ASKS)]
    return asked[-1] if asked else before


def _first_sentence(form: str) -> str:
    return examples()[BEGUN_BY.get(form, form.removesuffix("_form"))][0]


def _glued(sentence: str, values: list[str]) -> str:
    """Put values before, into and after a sentence, as far as a message may go."""
    words = sentence.split()
    middle = len(words) // 2
    before, within, after = values[0::3], values[1::3], values[2::3]
    return " ".join([*before, *words[:middle], *within, *words[middle:], *after]).strip()[:AT_MOST]


def _chunks(values: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
