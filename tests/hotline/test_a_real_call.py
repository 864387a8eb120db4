"""SIPp dials the real hotline, keys 8 and the code; espeak-ng speaks; the recording is held against what was said."""

import re
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.hotline import packages, voice
from tests.hotline.caller import Call, dial
from tests.hotline.phone import Press
from tests.hotline.turns import Caller, heard, spelled
from tests.programs import Programs

CODE, PHONE = "7955300001", "0975530001"
KEY_S = 0.42
"""A key of a person who dials: 420 ms."""
REACTION_S = 1.0
"""Until somebody presses the first key after a prompt."""
AT_MOST_S = 60
Note = Callable[[str], None]


@pytest.fixture
def person(programs: Programs) -> dict[str, Any]:
    """Somebody who calls from the registered telephone."""
    return programs.new_account(bhxh_code=CODE, phone=PHONE, email="goi.tong.dai@example.com")


def by_phone(programs: Programs, folder: Path, number: str, *keys: str | Press) -> Call:
    """Dial the hotline and press keys."""
    return dial(f"{programs.base_url}/webhooks/hotline/simulator", number, keys, folder=folder)


def line(name: str, seconds: float, how: str) -> str:
    """A call, as the report has it."""
    return f"{name:<34} {seconds:5.1f} s  {1000 * (int(seconds) // 60 + 1):,} VND  {how}"


def test_a_caller_keys_8_and_the_code_and_hears_the_password_twice(
    programs: Programs, person: dict[str, Any], tmp_path: Path, note: Note
) -> None:
    call = by_phone(programs, tmp_path, PHONE, Press("8", after_s=1.0), CODE)
    assert call.events[:3] == [("start", ""), ("digits", "8"), ("digits", CODE)]
    told = call.turns[-1] if call.turns[-1].event == "digits" else call.turns[-2]
    first, again = spelled(told.answer)
    assert first == again and re.fullmatch(r"\d{8}", first)
    assert call.ended_by == "answerer" and call.duration_s < AT_MOST_S
    assert call.turns[0].said_s < call.turns[0].full_s, "the key stopped the greeting"
    with wave.open(str(call.wav_path)) as recording:
        assert recording.getnframes() / recording.getframerate() > told.full_s
    last = call.prompts[-1]
    assert abs(last.seconds - told.full_s) < 1.0, "all of it was heard"
    assert voice.loudness(last.samples) > 1000
    note(line("a real call: match", call.duration_s, "measured"))


def test_another_telephone_hears_that_they_do_not_match_and_the_call_ends(
    programs: Programs, person: dict[str, Any], tmp_path: Path, note: Note
) -> None:
    call = by_phone(programs, tmp_path, "0911000555", Press("8", after_s=1.0), CODE)
    told = next(turn for turn in call.turns if turn.value == CODE)
    assert "không khớp" in heard(told.answer) and call.turns[-1].answer["hangup"] and call.duration_s < AT_MOST_S
    note(line("a real call: no match", call.duration_s, "measured, with the pause before goodbye"))


def test_who_hangs_up_before_the_code_has_changed_nothing(programs: Programs, person: dict[str, Any], tmp_path: Path) -> None:
    before = len(programs.outbox())
    url = f"{programs.base_url}/webhooks/hotline/simulator"
    call = dial(url, PHONE, [Press("8", after_s=0.5)], folder=tmp_path, hang_up_after_s=4.0)
    assert call.ended_by == "caller" and call.events[-1][0] == "hangup"
    assert len(programs.outbox()) == before


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("number", [PHONE, "0911000556"], ids=["match", "no match"])
def test_speech_and_keying_take_less_than_a_minute(
    programs: Programs, person: dict[str, Any], number: str, lang: str, request: pytest.FixtureRequest, note: Note
) -> None:
    packages.need()
    call = Caller(programs, number)
    keys = [*(["9"] if lang == "en" else []), "8", CODE]
    for key in keys:
        call.key(key)
    # English is chosen while the first menu is spoken; nothing else is interrupted.
    spoken_s = sum(voice.seconds(voice.rendered(turn["say"], turn["lang"])) for turn in call.turns if "9" not in heard(turn))
    keyed_s = sum(REACTION_S + KEY_S * len(key) for key in keys) + 1.5
    call.hang_up()
    call.close()
    note(
        line(f"{request.node.callspec.id}, speech and keying", spoken_s + keyed_s, f"computed: {spoken_s:.1f} + {keyed_s:.1f} s")
    )
    assert spoken_s + keyed_s < AT_MOST_S


def test_the_greeting_with_its_menu_takes_less_than_three_seconds(programs: Programs) -> None:
    packages.need()
    call = Caller(programs, "0911000557")
    call.hang_up()
    call.close()
    assert voice.seconds(voice.rendered(call.turns[0]["say"], "vi")) < 3


def test_the_estimate_that_a_turn_names_is_what_it_takes(programs: Programs, person: dict[str, Any]) -> None:
    packages.need()
    call = Caller(programs, PHONE)
    for key in ("1", "2", "8", CODE):
        call.key(key)
    call.hang_up()
    call.close()
    for turn in call.turns[:-1]:
        takes_s = voice.seconds(voice.rendered(turn["say"], turn["lang"]))
        assert abs(turn["seconds"] - takes_s) < 0.25 * takes_s + 1.5, heard(turn)
