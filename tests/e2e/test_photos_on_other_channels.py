"""Where the channel takes no photos itself, the real action server hands out a link: once, until another one is wanted."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.programs import Programs
from tests.registration import Registration

VALUES = {
    "full_name": "Đinh Thị Hoa",
    "dob": "1992-03-08",
    "id_number": "079192555903",
    "phone": "0900555903",
    "email": "hoa.lien.ket@example.com",
    "office": "BHXH Biên Hòa",
}
AT_PHOTOS = {
    "requested_slot": "register_account_photos",
    "register_account_code": False,
    "privacy_told": True,
}


class Person:
    """Somebody on Zalo whose registration has come to the photos; `act` is what Rasa does with an action."""

    def __init__(self, programs: Programs) -> None:
        self.registration = Registration(programs)
        for field, value in VALUES.items():
            self.registration.call("PUT", f"/fields/{field}", {"value": value})
        self._url = f"http://127.0.0.1:{programs.environment['ACTIONS_PORT']}/webhook"
        self.slots: dict[str, Any] = dict(AT_PHOTOS)

    def act(self, action: str, text: str = "", intent: str = "inform") -> list[dict[str, Any]]:
        """Run an action and take over the slots it sets; return what it said."""
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": 1.0},
            "entities": [],
            "intent_ranking": [],
            "message_id": str(uuid.uuid4()),
            "metadata": {"sender": self.registration.voucher()},
        }
        tracker = {
            "sender_id": "zalo:1",
            "slots": self.slots,
            "latest_message": message,
            "events": [{"event": "user", "input_channel": "zalo"}],
            "paused": False,
            "active_loop": {"name": "register_account_form"},
            "latest_action_name": "action_listen",
        }
        call = {"next_action": action, "sender_id": "zalo:1", "tracker": tracker, "domain": {}}
        answer = httpx.post(self._url, content=json.dumps(call), headers={"Content-Type": "application/json"}, trust_env=False)
        assert answer.status_code == 200, answer.text
        self.slots.update({one["name"]: one["value"] for one in answer.json()["events"] if one["event"] == "slot"})
        return list(answer.json()["responses"])


@pytest.fixture
def person(programs: Programs) -> Iterator[Person]:
    """Somebody who is asked for photos."""
    made = Person(programs)
    yield made
    made.registration.close()


def link(said: list[dict[str, Any]]) -> str:
    """The link in the question for the photos, which is all that was said last."""
    assert said[-1]["response"] == "utter_ask_register_account_photos"
    return str(said[-1]["link"])


def opens(address: str) -> bool:
    """Tell whether the page behind a link takes photos."""
    return httpx.get(address, trust_env=False).status_code == 200


def test_a_link_is_given_once_and_stays_good_while_it_is_out(person: Person) -> None:
    first = link(person.act("action_ask_register_account_photos"))
    again = person.act("action_ask_register_account_photos")
    assert [one["response"] for one in again] == ["utter_register_account_photos_awaited"]
    assert opens(first)


@pytest.mark.parametrize(
    ("text", "intent"), [("gửi lại link", "otp_problem"), ("xong", "affirm"), ("Liên kết mới", "register_account")]
)
def test_another_link_is_made_when_one_is_wanted_and_the_old_one_is_dead(person: Person, text: str, intent: str) -> None:
    first = link(person.act("action_ask_register_account_photos"))
    person.act("validate_register_account_form", text, intent)
    second = link(person.act("action_ask_register_account_photos"))
    assert opens(second) and not opens(first)


def test_a_registration_that_is_taken_up_again_at_the_photos_has_a_link(person: Person) -> None:
    person.slots["suspended_task"] = "register_account"
    assert opens(link(person.act("action_code_search_submit")))
