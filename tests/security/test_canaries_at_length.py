"""The same canaries at both log levels, through every question, value, fault and lock one by one."""

import pytest

from tests.security import failure_scenes, request_scenes, talk_scenes
from tests.security.stage import LEVELS, Stage
from tests.security.test_canaries import CHANNELS, PAGE

pytestmark = [
    pytest.mark.prove,
    pytest.mark.timeout(3600),
    pytest.mark.parametrize("built", LEVELS, indirect=True),
    pytest.mark.parametrize("channel", CHANNELS),
]


def test_nothing_said_in_any_topic_is_kept(stage: Stage, channel: str) -> None:
    talk_scenes.talk_about_everything_at_length(stage, channel)
    stage.search()


def test_no_answer_to_any_question_is_kept(stage: Stage, channel: str) -> None:
    talk_scenes.answer_every_question(stage, channel, talk_scenes.SPELLINGS, at_once=1)
    stage.search()


def test_nothing_said_during_any_fault_is_kept(stage: Stage, channel: str) -> None:
    failure_scenes.faults_of_demo_mode(stage, channel)
    failure_scenes.dead_programs(stage, channel)
    stage.search()


def test_nothing_said_while_a_database_is_locked_is_kept(stage: Stage, channel: str) -> None:
    failure_scenes.locked_databases(stage, channel)
    stage.search()


def test_careless_code_odd_requests_and_crashes_give_nothing_away(stage: Stage, channel: str) -> None:
    failure_scenes.careless_code(stage, channel)
    request_scenes.odd_requests(stage)
    request_scenes.wrong_logins(stage)
    if channel == CHANNELS[-1]:
        failure_scenes.crashes(stage, PAGE)
    stage.search()
