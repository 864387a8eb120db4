"""The kit of real calls itself: codec, keys, SIP's repetitions, and calls that SIPp makes through a script of turns."""

import asyncio
import socket
import wave
from array import array
from pathlib import Path
from typing import Any

import pytest

from tests.hotline import alaw, own_loop, packages, voice
from tests.hotline.caller import Call, dial
from tests.hotline.phone import KEY_DOWN_S, Press
from tests.hotline.rtp import KeyDecoder, Packet, event_payload
from tests.hotline.scripted_turns import scripted_turns, turn
from tests.hotline.sip import Dialog, SipServer

PASSWORD = "48213907"

GREETING = "Xin chào quý khách đã gọi đến tổng đài. Để lấy lại mật khẩu, bấm phím 8. Để gặp tổng đài viên, bấm phím 0."


def password_reset(event: str, value: str) -> dict[str, Any]:
    """The happy call: greeting, 8, code, the password twice."""
    if event == "start":
        return turn({"text": GREETING}, digits=1)
    if (event, value) == ("digits", "8"):
        return turn({"text": "Mời bấm mã số bảo hiểm xã hội."}, digits=10, longer=12)
    if (event, value) == ("digits", "7900000001"):
        return turn({"text": "Mật khẩu tạm thời là"}, {"spell": PASSWORD}, {"text": "Xin nhắc lại"}, {"spell": PASSWORD})
    raise AssertionError(f"the script has no {event} {value}")


def test_a_law_is_g711() -> None:
    """The quietest, the loudest and silence, as ITU-T G.711, table 1a, has them; every byte comes back as itself."""
    every_byte = bytes(range(256))
    assert list(alaw.decode(bytes([0xD5, 0x55, 0xAA, 0x2A]))) == [8, -8, 32256, -32256]
    assert alaw.SILENCE == 0xD5
    assert alaw.encode(alaw.decode(every_byte)) == every_byte
    assert alaw.encode([32767, -32768]) == bytes([0xAA, 0x2A])


def key_packet(key: str, timestamp: int, source: int = 1, end: bool = False) -> Packet:
    return Packet(False, 96, 0, timestamp, source, event_payload(key, 160, end))


def test_a_key_counts_once() -> None:
    keys = KeyDecoder()
    for end in (False, False, True, True, True):
        keys.take(key_packet("8", 1000, end=end))
    assert (list(keys.pressed), keys.held) == (["8"], "")
    keys.take(key_packet("8", 2600))
    keys.take(key_packet("8", 1000, end=True))  # late, of the press before
    assert (list(keys.pressed), keys.held) == (["8"], "8")
    keys.take(key_packet("0", 4200, end=True))  # the end of the second 8 was lost
    keys.take(key_packet("0", 4200, source=2, end=True))
    assert "".join(keys.pressed) == "8800"


def test_what_is_sent_twice_is_done_once() -> None:
    calls: list[Dialog] = []

    async def led(dialog: Dialog) -> None:
        calls.append(dialog)
        await dialog.accept(4000)

    invite = "\r\n".join(
        [
            "{method} sip:hotline@127.0.0.1 SIP/2.0",
            "v: SIP/2.0/UDP 127.0.0.1:5999;branch=z9hG4bK1",
            'From: "Anonymous" <sip:anonymous@anonymous.invalid>;tag=1',
            "To: <sip:hotline@127.0.0.1>",
            "P-Asserted-Identity: <tel:+84900000001>",
            "i: one@127.0.0.1",
            "CSeq: {cseq}",
            "",
            "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4001 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n",
        ]
    )

    async def exchanged() -> list[str]:
        server = await SipServer.opened(led)
        statuses: list[str] = []
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as telephone:
            telephone.setblocking(False)
            telephone.connect((server.host, server.port))
            loop = asyncio.get_running_loop()

            async def send(method: str, cseq: str, answers: int) -> None:
                telephone.send(invite.format(method=method, cseq=cseq).encode())
                for _ in range(answers):
                    response = (await asyncio.wait_for(loop.sock_recv(telephone, 4096), 2)).decode()
                    statuses.append(response.split(" ")[1] + " " + response.split("CSeq: ")[1].split("\r\n")[0])
                    assert f"rport={telephone.getsockname()[1]}" in response

            await send("INVITE", "1 INVITE", 2)
            await send("INVITE", "1 INVITE", 1)
            await send("OPTIONS", "1 OPTIONS", 2)  # and once more the 200 that nobody has confirmed
            await send("ACK", "1 ACK", 0)
            await send("BYE", "2 BYE", 1)
            await send("BYE", "2 BYE", 1)
            await send("INFO", "3 INFO", 1)
        await server.close()
        return statuses

    statuses = own_loop.run(exchanged())
    assert [status for status in statuses if "INVITE" in status] == ["100 1 INVITE", *["200 1 INVITE"] * 3]
    assert [status for status in statuses if "INVITE" not in status] == ["200 1 OPTIONS", "200 2 BYE", "200 2 BYE", "405 3 INFO"]
    assert [(call.caller, call.ended_by, call.offer.address) for call in calls] == [
        ("+84900000001", "caller", ("127.0.0.1", 4001))
    ]


@pytest.mark.parametrize("ci", ["", "true"])
def test_missing_packages_skip_and_in_ci_fail(ci: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CI", ci)
    outcome = pytest.fail.Exception if ci else pytest.skip.Exception
    with pytest.raises(outcome, match="install sip-tester espeak-ng"):
        packages.need()


@pytest.fixture(scope="module")
def happy_call(tmp_path_factory: pytest.TempPathFactory) -> Call:
    """SIPp calls, 8 cuts the greeting short, the code is keyed, the password is heard twice."""
    packages.need()
    with scripted_turns(password_reset) as (url, asked):
        keys: list[str | Press] = [Press("8", after_s=1.0), "7900000001"]
        call = dial(url, "0900000001", keys, asserted="+84900000001", folder=tmp_path_factory.mktemp("call"))
        assert {(message["from"], message["call_id"]) for message in asked} == {("+84900000001", asked[0]["call_id"])}
    return call


def test_a_happy_call_takes_three_turns(happy_call: Call) -> None:
    assert happy_call.events == [("start", ""), ("digits", "8"), ("digits", "7900000001")]
    assert happy_call.ended_by == "answerer"


def test_a_key_stops_the_greeting_at_once(happy_call: Call) -> None:
    greeting, prompt = happy_call.turns[0], happy_call.prompts[0]
    assert greeting.full_s > 4
    assert prompt.seconds == pytest.approx(1.0, abs=0.3)
    assert prompt.last_heard_at - happy_call.pressed[0][1] < 0.15
    assert happy_call.prompts[1].began_at - happy_call.pressed[0][1] < KEY_DOWN_S + 0.5


def test_ten_digits_wait_for_two_more(happy_call: Call) -> None:
    last_key_at = happy_call.pressed[-1][1] + KEY_DOWN_S
    assert "".join(key for key, _ in happy_call.pressed) == "87900000001"
    assert happy_call.prompts[2].began_at - last_key_at == pytest.approx(3.0, abs=0.5)


def test_everything_else_is_heard_to_its_end(happy_call: Call) -> None:
    for said, heard in zip(happy_call.turns[1:], happy_call.prompts[1:], strict=True):
        assert heard.seconds == pytest.approx(said.full_s, abs=0.05)
        assert said.said_s == pytest.approx(said.full_s, abs=0.05)
    twice = 2 * voice.seconds(voice.spelled(PASSWORD, "vi"))
    assert twice > 8
    assert happy_call.prompts[-1].seconds > twice


def test_the_recording_is_speech(happy_call: Call) -> None:
    with wave.open(str(happy_call.wav_path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
        samples = array("h", file.readframes(file.getnframes()))
    assert voice.seconds(samples) == pytest.approx(happy_call.duration_s, abs=0.5)
    assert all(1000 < prompt.loudness < 10_000 for prompt in happy_call.prompts)
    assert happy_call.heard_seconds == pytest.approx(sum(turn.said_s for turn in happy_call.turns), abs=0.1)


def test_a_happy_call_is_shorter_than_a_minute(happy_call: Call) -> None:
    assert happy_call.heard_seconds < happy_call.duration_s < 40


def test_keys_that_sipp_itself_plays(tmp_path: Path) -> None:
    """Events as somebody else writes them, in two lots whose timestamps are the same, without an ear for what is said."""
    packages.need()
    packages.need_raw_sockets()

    def script(event: str, value: str) -> dict[str, Any]:
        return turn({"spell": "1"}, digits=0 if len(value) > 1 else 4 if value else 1)

    with scripted_turns(script) as (url, _):
        call = dial(url, "0900000001", folder=tmp_path, plays=[Press("8", after_s=0.1), Press("8001", after_s=1.2)])
    assert call.events == [("start", ""), ("digits", "8"), ("digits", "8001")]


def test_twelve_digits_or_a_hash_end_the_wait_and_no_key_stops_what_must_be_heard(tmp_path: Path) -> None:
    def script(event: str, value: str) -> dict[str, Any]:
        if event == "start":
            return turn({"spell": "12"}, digits=10, longer=12)
        if len(value) == 12:
            return turn({"spell": "345"}, digits=10, longer=12, barge_in=False)
        return turn({"spell": "6"}, lang="en")

    with scripted_turns(script) as (url, _):
        keys = [Press("079190000001", after_s=0.2), Press("7900#", after_s=0.2)]
        call = dial(url, "0900000001", keys, folder=tmp_path, every_key_s=0.16)
    assert call.events == [("start", ""), ("digits", "079190000001"), ("digits", "7900")]
    assert call.prompts[1].seconds == pytest.approx(call.turns[1].full_s, abs=0.05)
    assert call.prompts[1].began_at - call.pressed[11][1] < KEY_DOWN_S + 0.5
    after_hash = max(call.pressed[-1][1] + KEY_DOWN_S, call.prompts[1].last_heard_at)
    assert call.prompts[2].began_at - after_hash < 0.5


def test_silence_is_told_and_so_is_a_caller_who_leaves(tmp_path: Path) -> None:
    def script(event: str, value: str) -> dict[str, Any]:
        if event == "hangup":
            return {}
        answer = turn({"spell": "1"} if event == "start" else {"text": GREETING}, digits=1)
        answer["gather"]["timeout_s"] = 1
        return answer

    with scripted_turns(script) as (url, asked):
        call = dial(url, "0900000001", folder=tmp_path, hang_up_after_s=2.5)
    assert call.events == [("start", ""), ("silence", ""), ("hangup", "")]
    assert call.ended_by == "caller"
    assert call.turns[1].said_s < call.turns[1].full_s
    assert {message["from"] for message in asked} == {"0900000001"}


def test_a_caller_who_gives_up_while_it_rings_is_told_nothing(tmp_path: Path) -> None:
    with scripted_turns(password_reset) as (url, asked):
        call = dial(url, "0900000001", folder=tmp_path, give_up_after_s=0.2)
    assert (call.turns, asked, call.heard_seconds, call.ended_by) == ([], [], 0, "caller")


def test_a_turn_that_fails_ends_the_call_and_the_test(tmp_path: Path) -> None:
    with scripted_turns(password_reset) as (url, _), pytest.raises(AssertionError, match=r"'digits' was answered by .* 500"):
        dial(url, "0900000001", [Press("9", after_s=0.1)], folder=tmp_path)
