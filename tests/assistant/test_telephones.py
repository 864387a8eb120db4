"""What telephones say and are told: TwiML and jambonz, their signatures by published examples, and how long speech takes."""

import json
from xml.etree import ElementTree as xml

import pytest

from assistant.channels import jambonz, twiml
from assistant.channels.calls import CallEvent
from assistant.channels.voice import VoiceTurn, fee_vnd, seconds_of

URL = "https://bot.example.vn/webhooks/voice/turn"
SIGNED = b"CallSid=CA1&Digits=7912345678&From=%2B84912345678"
SIGNATURE = "fVBkD3vfxuuopVfAcTj4RhYNPVs="
TOKEN = "AUTH_TOKEN_EXAMPLE"
BODY = b'{"call_sid":"x"}'
SECRET = "WEBHOOK_SECRET_EXAMPLE"
AT = 1790000000
MAC = "754266a18d8065e23090064c3d4a91b5271bade9e4c128edc519424ee343ab52"
TOLD = VoiceTurn(
    "vi", [{"text": "Mật khẩu mới là."}, {"spell": "48213907"}, {"text": "Nhắc lại."}, {"spell": "48213907"}], is_over=True
)
ASKS = VoiceTurn("vi", [{"text": "Mời bấm 10 số."}], gather="code")
PERSON = VoiceTurn("en", [{"text": "One moment."}], transfer="02437899999")


def test_twiml_is_signed_as_the_provider_does() -> None:
    assert twiml.is_genuine(TOKEN, URL, SIGNED, SIGNATURE)
    assert not twiml.is_genuine("another", URL, SIGNED, SIGNATURE)
    assert not twiml.is_genuine(TOKEN, URL + "?turn=2", SIGNED, SIGNATURE)
    assert not twiml.is_genuine(TOKEN, URL, SIGNED.replace(b"5678", b"5679"), SIGNATURE)
    assert not twiml.is_genuine(TOKEN, URL, SIGNED + b"&CallStatus=completed", SIGNATURE)
    assert not twiml.is_genuine(TOKEN, URL, SIGNED, "")


def test_fields_that_were_added_after_signing_are_not_believed_and_do_no_harm() -> None:
    assert twiml.is_genuine(TOKEN, URL, SIGNED + b"&CallToken=abc&StirVerstat=TN-Validation-Passed-A", SIGNATURE)


@pytest.mark.parametrize(
    ("body", "turn", "event"),
    [
        ("CallSid=CA1&From=%2B84912345678&CallStatus=ringing", None, CallEvent("CA1", "+84912345678", "start", turn=0)),
        ("CallSid=CA1&From=anonymous&Digits=8", 1, CallEvent("CA1", "anonymous", "digits", "8", 1, True)),
        ("CallSid=CA1&SpeechResult=qu%C3%AAn", 2, CallEvent("CA1", "", "speech", "quên", 2, True)),
        ("CallSid=CA1&Digits=&SpeechResult=", 3, CallEvent("CA1", "", "silence", "", 3, True)),
        ("CallSid=CA1&From=1&CallStatus=completed", 3, CallEvent("CA1", "1", "hangup")),
    ],
)
def test_twiml_says_what_happened(body: str, turn: int, event: CallEvent) -> None:
    assert twiml.read(body.encode(), turn) == event


def test_twiml_asks_for_keys_and_speech_and_can_be_interrupted() -> None:
    gather = xml.fromstring(twiml.answer(ASKS, "https://bot.example.vn/x?turn=2"))[0]
    assert gather.tag == "Gather" and gather[0].tag == "Say" and gather[0].text == "Mời bấm 10 số."
    said = dict(gather.attrib)
    assert (said["input"], said["numDigits"], said["timeout"], said["actionOnEmptyResult"]) == ("dtmf speech", "10", "6", "true")
    assert said["action"] == "https://bot.example.vn/x?turn=2" and said["language"] == "vi-VN"


def test_twiml_reads_a_password_digit_by_digit_and_hangs_up() -> None:
    response = xml.fromstring(twiml.answer(TOLD, "x"))
    assert [one.text for one in response.iter("Say")][1] == "4, 8, 2, 1, 3, 9, 0, 7"
    assert response[-1].tag == "Hangup"


def test_both_put_a_caller_through_to_a_person() -> None:
    assert xml.fromstring(twiml.answer(PERSON, "x")).findtext("Dial") == "02437899999"
    assert jambonz.answer(PERSON, "x")[-1] == {"verb": "dial", "target": [{"type": "phone", "number": "02437899999"}]}


def test_jambonz_is_signed_with_a_time() -> None:
    signature = f"t={AT},v1={MAC}"
    assert jambonz.is_genuine(SECRET, BODY, signature, AT) and jambonz.is_genuine(SECRET, BODY, signature, AT + 300)
    assert not jambonz.is_genuine(SECRET, BODY, signature, AT + 301), "an old one is somebody's recording"
    assert not jambonz.is_genuine(SECRET, BODY, signature, AT - 301)
    assert not jambonz.is_genuine("another", BODY, signature, AT)
    assert not jambonz.is_genuine(SECRET, BODY + b" ", signature, AT)
    for broken in ("", f"t={AT}", f"v1={MAC}", f"t=x,v1={MAC}", f"t={AT},v1={MAC[:-1]}", f"t={AT},v1={MAC},v1={MAC}"):
        assert not jambonz.is_genuine(SECRET, BODY, broken, AT)


@pytest.mark.parametrize(
    ("sent", "turn", "event"),
    [
        ({"from": "0912345678", "call_status": "trying"}, None, CallEvent("c", "0912345678", "start", turn=0)),
        ({"from": "x", "reason": "dtmfDetected", "digits": "7900000001"}, 2, CallEvent("c", "x", "digits", "7900000001", 2)),
        (
            {"from": "x", "reason": "speechDetected", "speech": {"alternatives": [{"transcript": "tám", "confidence": 0.9}]}},
            2,
            CallEvent("c", "x", "speech", "tám", 2),
        ),
        (
            {"from": "x", "reason": "stt-low-confidence", "speech": {"alternatives": []}},
            2,
            CallEvent("c", "x", "silence", turn=2),
        ),
        ({"from": "x", "reason": "timeout"}, 2, CallEvent("c", "x", "silence", turn=2)),
        ({"from": "x", "call_status": "completed"}, 2, CallEvent("c", "x", "hangup")),
        (
            {"from": "0999999999", "sip": {"headers": {"p-asserted-identity": "<sip:+84912345678@carrier.example>"}}},
            None,
            CallEvent("c", "+84912345678", "start", turn=0),
        ),
    ],
)
def test_jambonz_says_what_happened(sent: dict[str, object], turn: int, event: CallEvent) -> None:
    assert jambonz.read(json.dumps({"call_sid": "c", **sent}).encode(), turn) == event


def test_jambonz_waits_for_ten_digits_or_twelve() -> None:
    gather, last = jambonz.answer(ASKS, "https://bot.example.vn/x?turn=2")
    assert (gather["minDigits"], gather["maxDigits"], gather["interDigitTimeout"]) == (10, 12, 1.5)
    assert gather["bargein"] and gather["dtmfBargein"] and gather["say"]["text"] == "Mời bấm 10 số."
    assert gather["actionHook"]["url"].endswith("?turn=2") and last == {"verb": "hangup"}


def test_a_call_costs_every_started_minute() -> None:
    assert [fee_vnd(seconds) for seconds in (0, 1, 60, 60.1, 120)] == [1000, 1000, 1000, 2000, 2000]


def test_the_whole_reset_is_estimated_within_a_minute() -> None:
    assert 11 < seconds_of(TOLD.say, "vi") < 16
    assert seconds_of([], "vi") == 0
