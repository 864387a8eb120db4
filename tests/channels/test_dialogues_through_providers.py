"""The scripts of tests/e2e, played on Messenger and Zalo: the same words, answers and ends."""

from pathlib import Path

import pytest

from tests.channels.person import ProviderChat
from tests.e2e.test_dialogues import HERE, SCRIPTS, name_of_script, perform
from tests.programs import Programs

CHANNELS = ("messenger", "zalo")
ONLY_ON_THE_PAGE = {
    "cancellations/user_comes_back_after_half_an_hour": "an open page keeps its session; at a provider half an hour ends it",
    "cancellations/user_comes_back_to_a_registration_too_late": "the same",
    "resuming/user_begins_each_task_again_after_the_session_ended": "the same",
    "digressions/user_puts_the_photos_aside_and_comes_back": "the page takes photos itself, elsewhere a link is named but once",
}
"""The scripts that another channel than the page must play otherwise, and why."""
A_DOZEN = (
    "happy_path/user_resets_the_password_in_four_messages",
    "happy_path/user_gives_code_and_new_email_in_one_sentence",
    "happy_path/user_registers_in_two_messages_and_photos",
    "happy_path/user_searches_the_code",
    "corrections/user_corrects_the_code_in_the_same_sentence",
    "digressions/user_does_not_know_the_code_and_presses_the_button",
    "injection/user_types_a_command",
    "languages/user_changes_the_language_in_the_middle",
    "languages/user_searches_the_code_in_english",
    "official_channels/user_reports_a_fraud",
    "one_time_code/user_enters_a_wrong_code_then_the_right_one",
    "privacy/user_says_no_to_the_privacy_sentence",
)
"""Played by `make test`."""
PLAYED = [script for script in SCRIPTS if name_of_script(script) not in ONLY_ON_THE_PAGE]


@pytest.mark.parametrize("script", [HERE / f"{name}.yml" for name in A_DOZEN], ids=name_of_script)
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_dozen_dialogues(channel: str, script: Path, programs: Programs) -> None:
    perform(script, programs, lambda _: ProviderChat(programs, channel))
    assert [one for one in programs.fakes[channel].faults() if not one["kind"].startswith("webhook_")] == []


@pytest.mark.prove
@pytest.mark.parametrize("script", PLAYED, ids=name_of_script)
@pytest.mark.parametrize("channel", CHANNELS)
def test_every_dialogue(channel: str, script: Path, programs: Programs) -> None:
    perform(script, programs, lambda _: ProviderChat(programs, channel))
    assert [one for one in programs.fakes[channel].faults() if not one["kind"].startswith("webhook_")] == []


def test_every_exception_is_a_script() -> None:
    assert {*ONLY_ON_THE_PAGE, *A_DOZEN} <= {name_of_script(script) for script in SCRIPTS}
    assert not set(ONLY_ON_THE_PAGE) & set(A_DOZEN)
