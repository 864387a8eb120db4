"""A real call in a test: SIPp dials the answerer, a telephone hears and presses keys, and everything is kept.

call = dial(turn_url, "0900000001", ["8", "7900000001"], folder=tmp_path)
assert call.turns[-1].answer["hangup"] and call.duration_s < 60
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.hotline import own_loop, packages, scenario
from tests.hotline.answerer import Answerer, Conversation, Turn
from tests.hotline.phone import EVERY_KEY_S, Phone, Press, Prompt

HOST = "127.0.0.1"

LAST_TURN_WITHIN_S = 5.0
"""How long the turn that tells of a hang-up may take after the call."""


@dataclass(frozen=True)
class Call:
    """What happened in a call. Times are in seconds."""

    turns: list[Turn]
    prompts: list[Prompt]
    """What the caller heard, one by one."""
    pressed: list[tuple[str, float]]
    """Keys and when they went down, in seconds of `time.monotonic`."""
    duration_s: float
    """From the answer to the end: what is charged."""
    heard_seconds: float
    """How much of it the hotline spoke."""
    ended_by: Literal["caller", "answerer"] | None
    wav_path: Path

    @property
    def events(self) -> list[tuple[str, str]]:
        """What the turns were asked with."""
        return [(turn.event, turn.value) for turn in self.turns]


def dial(
    turn_url: str,
    from_number: str,
    keys: Sequence[str | Press] = (),
    *,
    folder: Path,
    asserted: str | None = None,
    hang_up_after_s: float | None = None,
    give_up_after_s: float | None = None,
    plays: Sequence[Press] = (),
    every_key_s: float = EVERY_KEY_S,
    headers: Mapping[str, str] | None = None,
    within_s: float = 90.0,
) -> Call:
    """Call the hotline whose turns are answered at `turn_url`, and return when the call is over.

    Each of `keys` is pressed at the next prompt: a text once the prompt is over, a `Press` when it says. `asserted` is
    the number that the network vouches for, `headers` go with every turn. The caller hangs up after `hang_up_after_s` of the
    call, or gives up while it has rung for `give_up_after_s`. `plays` are keys that SIPp itself plays, without listening.
    `call.wav` in `folder` is what was heard; what SIPp complains of is beside it. Raises AssertionError when the call
    went wrong; skips without SIPp or espeak-ng (`packages`).
    """
    packages.need()
    presses = [Press(press) if isinstance(press, str) else press for press in keys]

    async def called() -> Call:
        rings_s = 0.0 if give_up_after_s is None else within_s
        async with Answerer(turn_url, headers, rings_s) as answerer:
            phone = await Phone.opened(HOST, every_key_s)
            if give_up_after_s is None:
                steps = scenario.hangs_up(from_number, asserted, phone.port, hang_up_after_s, plays)
            else:
                steps = scenario.gives_up(from_number, asserted, phone.port, give_up_after_s)
            pressing = asyncio.create_task(phone.press(presses))
            try:
                complaint = await _run_sipp(answerer.address, steps, folder, within_s)
                return await _kept(answerer, phone, folder, complaint)
            finally:
                pressing.cancel()
                with suppress(asyncio.CancelledError):
                    await pressing
                phone.close()

    return own_loop.run(called())


async def _run_sipp(address: str, steps: str, folder: Path, within_s: float) -> str:
    """Let SIPp make one call; return its complaint when that goes otherwise than the scenario, or an empty text."""
    path, errors = folder / "caller.xml", folder / "sipp.err"
    path.write_text(steps)
    command = ["sipp", address, "-sf", str(path), "-m", "1", "-i", HOST, "-mi", HOST, "-nostdin", "-skip_rlimit"]
    command += ["-trace_err", "-error_file", str(errors), "-timeout", f"{within_s:.0f}s", "-timeout_error"]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        screen, _ = await asyncio.wait_for(process.communicate(), within_s + 10)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 0:
        return ""
    complaints = errors.read_text(errors="replace") if errors.exists() else screen.decode(errors="replace")[-1500:]
    return f"SIPp ended with {process.returncode}: {complaints}"


async def _kept(answerer: Answerer, phone: Phone, folder: Path, complaint: str) -> Call:
    """Return what happened. Raises AssertionError when the answerer, or else SIPp, met something wrong."""
    errors = [conversation.error for conversation in answerer.conversations if conversation.error]
    assert not errors, errors
    assert not complaint, complaint
    assert len(answerer.conversations) == 1, f"{len(answerer.conversations)} calls were taken instead of one"
    conversation: Conversation = answerer.conversations[0]
    await asyncio.wait_for(conversation.done.wait(), LAST_TURN_WITHIN_S)
    assert not conversation.error, conversation.error
    path = folder / "call.wav"
    phone.write(path)
    return Call(
        conversation.turns,
        phone.prompts,
        phone.pressed,
        conversation.dialog.ended_at - conversation.taken_at if conversation.taken_at else 0.0,
        sum(prompt.seconds for prompt in phone.prompts),
        conversation.dialog.ended_by,
        path,
    )
