"""People on Messenger and Zalo and the three real programs: what they see, what is kept, and what a provider may do to us."""

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.channels.conftest import Comes
from tests.channels.person import ProviderChat
from tests.e2e.responses import name_of
from tests.programs import Programs

both = pytest.mark.parametrize("channel", ["messenger", "zalo"])
HOUR_S = 3600


def names(bubbles: list[dict[str, object]]) -> list[str]:
    """Which responses these are."""
    return [name_of(str(one["text"]))[0] for one in bubbles]


def kept(var: Path) -> bytes:
    """Everything the Rasa process has written down."""
    files = [path for path in var.rglob("*") if path.is_file() and not path.name.startswith("backend.db")]
    return b"".join(path.read_bytes() for path in files)


def sessions(programs: Programs, channel: str) -> int:
    """How many people a channel knows."""
    with closing(sqlite3.connect(programs.var / "chat.db")) as database:
        found = database.execute("select count(*) from chat_sessions where conversation like ?", [f"{channel}:%"])
        return int(found.fetchone()[0])


def reset(programs: Programs, person: ProviderChat) -> list[str]:
    """Reset a password from the first button to the last code; return what must stand nowhere."""
    account = programs.new_account()
    person.press("Quên mật khẩu")
    person.say(account["bhxh_code"])
    assert names(person.say(account["email"]))[-1] == "utter_ask_forgot_password_otp"
    otp = programs.otp(account["email"])
    assert names(person.say(f"mã là {otp} nha")) == ["utter_forgot_password_done"]
    done = [one for one in programs.account(account["bhxh_code"])["audit"] if one["event"] == "password_reset"]
    assert len(done) == 1 and len([mail for mail in programs.outbox() if mail["to"] == account["email"]]) == 3
    return [account["bhxh_code"], account["email"], otp, person.user]


@pytest.mark.parametrize(("channel", "begins"), [("messenger", "get_started"), ("zalo", "follow")])
def test_a_whole_reset_and_nothing_of_it_is_kept(programs: Programs, comes: Comes, channel: str, begins: str) -> None:
    person = comes(channel)
    assert names(person.happens(begins)) == ["utter_greet"]
    values = reset(programs, person)
    written = kept(programs.var)
    assert [value for value in values if value.encode() in written] == []


def test_choices_too_long_for_messenger_are_numbers_there_and_buttons_on_zalo(comes: Comes) -> None:
    on_messenger, on_zalo = comes("messenger"), comes("zalo")
    assert on_messenger.say("xin chào")[0]["numbered"][2] == "Số này có chính thức không?"
    [greeting] = on_zalo.say("xin chào")
    assert greeting["numbered"] == [] and [one["label"] for one in greeting["choices"]][2] == "Số này có chính thức không?"
    assert (
        names(on_messenger.say("cái thứ ba")) == names(on_zalo.press("Số này có chính thức không?")) == ["utter_official_channel"]
    )


@both
def test_an_answer_is_in_the_language_of_the_last_full_sentence(comes: Comes, channel: str) -> None:
    person = comes(channel)
    assert [name_of(one["text"]) for one in person.say("xin chào")] == [("utter_greet", "vi")]
    [greeting] = person.say("Hello, can you help me please?")
    assert name_of(greeting["text"])[1] == "en"


def comes_to_the_photos(programs: Programs, person: ProviderChat) -> str:
    """Register up to the photos; return the link that is given for them."""
    told = "tên Đinh Thị Hoa, sinh 08/03/1992, cccd 079192555303, số điện thoại 0900555303"
    code = programs.new_account(status="waiting", email=None)["bhxh_code"]
    person.say(f"đăng ký vssid cho tôi, mã số {code}, {told}, email anh.{person.user}@example.com")
    return link(person.say("BHXH Biên Hòa, Đồng Nai"))


def link(bubbles: list[dict[str, object]]) -> str:
    """The link in the question for the photos, which came last."""
    assert names(bubbles)[-1] == "utter_ask_register_account_photos"
    return next(str(one["url"]) for one in bubbles[-1]["links"] if one["label"] == "Gửi ảnh")  # type: ignore[attr-defined]


def opens(address: str) -> bool:
    """Tell whether the page behind a link takes photos."""
    return httpx.get(address, trust_env=False).status_code == 200


@both
def test_pictures_are_refused_and_the_link_takes_them(programs: Programs, comes: Comes, channel: str) -> None:
    person = comes(channel)
    person.say("xin chào")
    assert names(person.happens("image")) == names(person.happens("file")) == ["utter_no_pictures"]
    comes_to_the_photos(programs, person)
    assert names(person.happens("image")) == ["utter_pictures_by_link"]
    assert names(person.happens("image")) == ["utter_pictures_by_link"], "every one of several"
    assert person.fake.see("fetched") == [], "nobody looked at them"
    person.upload_photos()
    assert names(person.say("xong")) == ["utter_ask_register_account_confirmed"]


def test_a_link_is_given_once_until_another_one_is_wanted_and_then_the_old_one_is_dead(programs: Programs, comes: Comes) -> None:
    person = comes("zalo")
    first = comes_to_the_photos(programs, person)
    assert names(person.say("phí đăng ký bao nhiêu")) == ["utter_task_free", "utter_register_account_photos_awaited"]
    assert opens(first)
    second = link(person.press("Liên kết mới"))
    assert opens(second) and not opens(first)
    third = link(person.say("không mở được link"))
    assert opens(third) and not opens(second)
    said = person.say("xong")
    assert names(said)[0] == "utter_register_account_photos_missing"
    assert opens(link(said)) and not opens(third)


def test_a_registration_that_is_taken_up_again_at_the_photos_has_its_link_still(programs: Programs, comes: Comes) -> None:
    person = comes("zalo")
    before = comes_to_the_photos(programs, person)
    person.say("tôi quên mật khẩu")
    said = person.say("hủy")
    assert names(said)[-2:] == ["utter_register_account_taken_up", "utter_register_account_photos_awaited"]
    assert opens(before)


@both
@pytest.mark.parametrize("kind", ["sticker", "audio", "video", "location"])
def test_what_holds_no_words_is_answered_with_one_sentence(comes: Comes, channel: str, kind: str) -> None:
    assert names(comes(channel).happens(kind)) == ["utter_only_words"]


def test_a_thumb_is_a_yes(comes: Comes) -> None:
    assert names(comes("messenger").happens("like")) == names(comes("zalo").say("👍🏻")) == ["utter_affirm"]


def test_a_link_that_is_shared_on_zalo_is_judged(comes: Comes) -> None:
    told = comes("zalo").happens("link", url="https://vssid-cap-lai.example.com/")
    assert names(told)[0].startswith("utter_official_channel")


SILENT = {
    "messenger": ["read", "reaction", "delivery", "standby", "changes", "referral"],
    "zalo": ["seen", "reacted", "tag", "click_link"],
}


@pytest.mark.parametrize(("channel", "kind"), [(channel, kind) for channel, kinds in SILENT.items() for kind in kinds])
def test_what_is_not_said_to_the_bot_is_not_answered(comes: Comes, channel: str, kind: str) -> None:
    assert comes(channel).happens(kind) == []


@both
def test_a_repeat_is_answered_once_and_a_forged_event_never(programs: Programs, comes: Comes, channel: str) -> None:
    person = comes(channel)
    fake = person.fake
    told = fake.do("batch", events=[{"user": person.user, "text": "xin chào", "times": 4}], forged=10, shuffle=True)
    assert told["forged"] == 10 and len([post for post in told["posts"] if post["state"] == "refused"]) == 10
    assert names(person.wait()) == ["utter_greet"] and person.wait() == []
    assert b"forged" not in (programs.var / "chat.db").read_bytes()


@both
def test_while_a_human_writes_the_bot_is_quiet_and_half_an_hour_later_it_answers(
    programs: Programs, comes: Comes, channel: str
) -> None:
    person = comes(channel)
    assert names(person.say("xin chào")) == ["utter_greet"]
    assert person.happens("human", text="Tôi là nhân viên, tôi giúp bạn") == []
    assert person.say("cảm ơn") == []
    with programs.without("rasa"):
        pass
    assert person.say("có ai không") == []
    programs.advance(31 * 60)
    assert names(person.say("xin chào")) == ["utter_greet"]


@both
def test_who_has_blocked_us_is_forgotten(programs: Programs, comes: Comes, channel: str) -> None:
    person = comes(channel)
    person.say("tôi quên mật khẩu")
    known = sessions(programs, channel)
    person.fake.do("block", user=person.user)
    assert person.say("7900000001") == []
    assert sessions(programs, channel) == known - 1
    person.fake.do("block", user=person.user, blocked=False)
    assert names(person.say("xin chào")) == ["utter_greet"], "not a word of the reset before"


def test_who_unfollows_is_forgotten(programs: Programs, comes: Comes) -> None:
    person = comes("zalo")
    person.say("tôi quên mật khẩu")
    known = sessions(programs, "zalo")
    assert person.happens("unfollow") == []
    assert sessions(programs, "zalo") == known - 1
    assert names(person.happens("follow")) == ["utter_greet"]


@both
@pytest.mark.parametrize("how", ["rate", "http500", "garbage", pytest.param("lost", marks=pytest.mark.prove)])
def test_a_bubble_that_a_provider_did_not_take_comes_later_and_the_order_stays(
    programs: Programs, comes: Comes, channel: str, how: str
) -> None:
    person = comes(channel)
    person.fake.do("fail", how=how, user=person.user)
    came = names(person.say("tôi quên mật khẩu"))
    assert list(dict.fromkeys(came)) == ["utter_privacy", "utter_ask_forgot_password_code"]
    assert len(came) == (3 if how == "lost" else 2), "what was taken while its answer got lost is there twice"


@both
def test_a_bubble_out_of_the_window_is_given_up_and_the_next_one_is_not(comes: Comes, channel: str) -> None:
    person = comes(channel)
    person.fake.do("fail", how="window", user=person.user)
    assert names(person.say("tôi quên mật khẩu")) == ["utter_ask_forgot_password_code"]


def test_typing_is_shown_and_when_it_hangs_nothing_waits_for_it(comes: Comes) -> None:
    person = comes("messenger")
    person.say("xin chào")
    assert person.fake.see("conversation", user=person.user)["seen_ms"]
    person.fake.do("fail", how="hang", part="action", user=person.user, n=2)
    assert names(person.say("xin chào"))
    calls = [
        one["body"].get("sender_action") for one in person.fake.see("calls") if one["body"]["recipient"]["id"] == person.user
    ]
    assert calls.count("mark_seen") >= 1 and calls.count("typing_on") >= 1


def test_an_expired_token_is_refreshed_and_nobody_notices(programs: Programs, comes: Comes) -> None:
    person = comes("zalo")
    before = person.fake.see("tokens")["issued"]
    person.fake.do("expire", which="access")
    assert names(person.say("tôi quên mật khẩu")) == ["utter_privacy", "utter_ask_forgot_password_code"]
    programs.advance(21 * HOUR_S)
    with programs.without("rasa"):
        pass
    assert names(person.say("xin chào")) == ["utter_greet"]
    assert person.fake.see("tokens")["issued"] == before + 2, "one that was refused, one that was twenty hours old"


def test_each_provider_finds_our_address_right(programs: Programs) -> None:
    assert programs.fakes["messenger"].do("verify")["verified"] and programs.fakes["zalo"].do("verify")["verified"]
    assert programs.fakes["messenger"].do("verify")["wrong"] == {"status": 403, "challenge": False}
    assert "wrong_verify_token_taken" not in [one["kind"] for one in programs.fakes["messenger"].faults()]


def test_without_their_secrets_the_channels_are_off_and_say_so(tmp_path: Path) -> None:
    with Programs(tmp_path, MESSENGER_APP_SECRET="x" * 32, ZALO_OA_ID="1") as programs:
        programs.start("backend", "rasa")
        said = programs.log("rasa")
    assert "the channel messenger is off: MESSENGER_PAGE_ID and MESSENGER_APP_ID and MESSENGER_VERIFY_TOKEN" in said
    assert "the channel zalo is off: ZALO_APP_ID and ZALO_APP_SECRET and ZALO_OA_SECRET is not set" in said
