"""TwiML and jambonz at the real hotline: a whole reset through each, nothing without a signature, and the switch."""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator
from urllib.parse import urlencode
from xml.etree import ElementTree as xml

import httpx
import pytest

from tests.programs import Programs

TOKEN, SECRET = "twiml-token-of-the-test", "jambonz-secret-of-the-test"
CODE, PHONE = "7955200001", "0975520001"
CARD = "001085520001"


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    """The programs with both doors open."""
    with Programs(tmp_path_factory.mktemp("var"), HOTLINE_TWIML_TOKEN=TOKEN, HOTLINE_JAMBONZ_SECRET=SECRET) as running:
        running.start()
        running.new_account(bhxh_code=CODE, phone=PHONE, personal_id=CARD)
        yield running


def by_twiml(programs: Programs, url: str, token: str = TOKEN, **fields: str) -> httpx.Response:
    """Post fields as a TwiML provider does."""
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    signature = base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    return httpx.post(url, content=urlencode(fields), headers=headers, timeout=20, trust_env=False)


def by_jambonz(programs: Programs, url: str, secret: str = SECRET, **sent: object) -> httpx.Response:
    """Post JSON as a jambonz server does."""
    body, at = json.dumps(sent), int(time.time())
    mac = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"Jambonz-Signature": f"t={at},v1={mac}", "Content-Type": "application/json"}
    return httpx.post(url, content=body, headers=headers, timeout=20, trust_env=False)


def test_a_whole_reset_by_twiml(doors: Programs) -> None:
    url = f"{doors.base_url}/webhooks/hotline/twiml"
    call = {"CallSid": "CA1", "From": f"+84{PHONE[1:]}"}
    steps = [{"CallStatus": "ringing"}, {"Digits": "8"}, {"Digits": CODE}]
    for step in steps:
        answer = by_twiml(doors, url, **call, **step)
        assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/xml")
        response = xml.fromstring(answer.text)
        gather = response.find("Gather")
        url = gather.attrib["action"] if gather is not None else url
    spelled = [one.text for one in response.iter("Say") if re.fullmatch(r"\d(, \d){7}", one.text or "")]
    assert len(spelled) == 2 and spelled[0] == spelled[1] and response[-1].tag == "Hangup"


def test_a_card_number_by_a_telephone_that_ends_at_ten_keys(doors: Programs) -> None:
    url = f"{doors.base_url}/webhooks/hotline/twiml"
    call = {"CallSid": "CA2", "From": PHONE}
    for step in [{"CallStatus": "ringing"}, {"Digits": "8"}, {"Digits": CARD[:10]}, {"Digits": CARD[10:]}]:
        response = xml.fromstring(by_twiml(doors, url, **call, **step).text)
        gather = response.find("Gather")
        url = gather.attrib["action"] if gather is not None else url
    assert any(re.fullmatch(r"\d(, \d){7}", one.text or "") for one in response.iter("Say"))


def test_a_whole_reset_by_jambonz(doors: Programs) -> None:
    url = f"{doors.base_url}/webhooks/hotline/jambonz"
    call = {"call_sid": "j1", "from": PHONE}
    for step in [
        {"call_status": "trying"},
        {"reason": "dtmfDetected", "digits": "8"},
        {"reason": "dtmfDetected", "digits": CODE},
    ]:
        answer = by_jambonz(doors, url, **call, **step)
        assert answer.status_code == 200
        first = answer.json()[0]
        url = first["actionHook"]["url"] if first["verb"] == "gather" else url
    assert first["verb"] == "say" and len(re.findall(r"\d(?:, \d){7}", first["text"])) == 2


@pytest.mark.parametrize("secret", ["", "another"])
def test_nobody_calls_without_the_secret(doors: Programs, secret: str) -> None:
    for answer in (
        by_twiml(doors, f"{doors.base_url}/webhooks/hotline/twiml", secret, CallSid="CA3", From=PHONE),
        by_jambonz(doors, f"{doors.base_url}/webhooks/hotline/jambonz", secret, call_sid="j3"),
    ):
        assert answer.status_code == 403


def test_signed_nonsense_is_refused(doors: Programs) -> None:
    assert by_twiml(doors, f"{doors.base_url}/webhooks/hotline/twiml", From=PHONE).status_code == 400
    assert by_jambonz(doors, f"{doors.base_url}/webhooks/hotline/jambonz", hello=1).status_code == 400
    assert by_jambonz(doors, f"{doors.base_url}/webhooks/hotline/jambonz?turn=x", call_sid="j4").status_code == 400


def test_a_door_without_its_secret_is_closed(programs: Programs) -> None:
    for door in ("twiml", "jambonz"):
        assert httpx.post(f"{programs.base_url}/webhooks/hotline/{door}", trust_env=False).status_code == 404
        assert f"HOTLINE_{door.upper()}" in programs.log("rasa")


def test_the_switch_closes_the_hotline(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Programs(tmp_path_factory.mktemp("var"), CLOSED="hotline") as closed:
        closed.start()
        closed.new_account(bhxh_code=CODE, phone=PHONE)
        turns = []
        for event, value in (("start", ""), ("digits", "8")):
            body = {"call_id": "c", "from": PHONE, "event": event, "value": value}
            turns.append(httpx.post(f"{closed.base_url}/webhooks/hotline/simulator", json=body, trust_env=False).json())
        assert "tạm dừng để bảo trì" in turns[-1]["say"][-1]["text"]
