"""No personal value is written down or given away, whatever people say and whatever fails.

Canaries of every kind go through every topic, channel and failure; then logs, databases, crash output, bot messages and HTTP
answers are searched. Topics, forms, channels and faults are read from the product, so that a new one is played as well.
"""

import pytest

from tests.programs import Programs
from tests.security import failure_scenes, request_scenes, talk_scenes
from tests.security.channel_drivers import DRIVERS
from tests.security.product_topics import channels
from tests.security.stage import Stage

pytestmark = pytest.mark.timeout(600)
CHANNELS = [name for name in channels() if name in DRIVERS]
PAGE = "assistant.channels.web.WebChannel"
OTHERS_AT_LENGTH = [pytest.param(name, marks=[pytest.mark.prove] * (name != PAGE)) for name in CHANNELS]
"""The long scenes: on the page always, on the other channels, which share all behind the door with it, in `make prove`."""


def test_every_channel_has_a_driver() -> None:
    missing = set(channels()) - DRIVERS.keys()
    assert not missing, (
        f"{missing} must be played too: write a driver and name it in DRIVERS of tests/security/channel_drivers.py"
    )


@pytest.mark.parametrize("channel", CHANNELS)
def test_nothing_is_kept_at_the_default_level(programs: Programs, channel: str) -> None:
    stage = Stage(programs)
    stage.up()
    talk_scenes.reset_with_every_word(stage, channel)
    failure_scenes.dead_programs(stage, channel)
    stage.search()


@pytest.mark.parametrize("channel", CHANNELS)
def test_nothing_said_in_any_topic_is_kept(stage: Stage, channel: str) -> None:
    talk_scenes.talk_about_everything(stage, channel)
    stage.search()


@pytest.mark.parametrize("channel", OTHERS_AT_LENGTH)
def test_nothing_said_in_a_form_is_kept(stage: Stage, channel: str) -> None:
    talk_scenes.answer_every_question(stage, channel, talk_scenes.ONE_OF_EACH, at_once=6)
    talk_scenes.reset_with_every_word(stage, channel)
    stage.search()


@pytest.mark.parametrize("channel", OTHERS_AT_LENGTH)
def test_nothing_said_while_something_fails_is_kept(stage: Stage, channel: str) -> None:
    failure_scenes.faults_of_demo_mode(stage, channel, failure_scenes.QUICK_MODES)
    failure_scenes.dead_programs(stage, channel)
    stage.search()


@pytest.mark.parametrize("channel", OTHERS_AT_LENGTH)
def test_what_careless_code_raises_and_logs_is_not_printed(stage: Stage, channel: str) -> None:
    failure_scenes.careless_code(stage, channel)
    stage.search()


def test_no_answer_and_no_log_repeats_an_odd_request(stage: Stage) -> None:
    request_scenes.odd_requests(stage)
    request_scenes.wrong_logins(stage)
    stage.search()


def test_a_crash_leaves_no_value_behind(stage: Stage) -> None:
    failure_scenes.crashes(stage, PAGE)  # once: whatever crashed Rasa is tried again at its next starts
    stage.search()
