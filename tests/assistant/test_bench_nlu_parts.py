"""What the understanding benchmark takes out is really gone, comes back, and nothing else goes with it."""

from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu.readings import read
from bench.nlu.components import Pipeline, fresh
from bench.nlu.parts import NotThere, Part, parts
from bench.nlu.studies import DRAWS, drawn

CONFIG = yaml.safe_load((Path(__file__).parents[2] / "config.yml").read_text(encoding="utf-8"))["pipeline"]
TELLING = {
    "values as one letter each": "số 0912345678",
    "a sign for provinces": "tôi ở Nghệ An",
    "spelling tidied": "quên rồiiiii",
    "keystrokes decoded": "quene maatj khaaur",
    "abbreviations written out": "mã bhxh",
}
"""A message that each part of the reading reads in its own way."""


def part(name: str) -> Part:
    [found] = [one for one in parts() if one.name == name]
    return found


@pytest.mark.parametrize("name", TELLING)
def test_a_part_of_the_reading_is_gone_in_the_block_only(name):
    whole = {other: read(text) for other, text in TELLING.items()}
    with part(name).taken_out():
        changed = {other for other, text in TELLING.items() if read(text) != whole[other]}
    assert changed == {name}
    assert {other: read(text) for other, text in TELLING.items()} == whole


def test_a_part_comes_back_after_an_error():
    with pytest.raises(ValueError), part("keystrokes decoded").taken_out():
        raise ValueError
    assert read("quene maatj khaaur").folded == "quen mat khau"


def test_every_part_changes_the_reading_the_pipeline_or_the_data():
    data = TrainingData(lookup_tables=[{"name": "service", "elements": ["zalo"]}])
    for one in parts():
        changed = [bool(one.replaced()), one.config(CONFIG) != CONFIG, one.data(data).lookup_tables != data.lookup_tables]
        assert sum(changed) == 1, one.name


def test_the_pipeline_itself_is_never_changed():
    before = yaml.safe_dump(CONFIG)
    for one in parts():
        one.config(CONFIG)
    assert yaml.safe_dump(CONFIG) == before


def test_a_part_that_the_data_or_the_pipeline_lack_is_told():
    with pytest.raises(NotThere, match="none"):
        part("lookup tables").data(TrainingData())
    with pytest.raises(LookupError, match="UnaccentedCopies"):
        part("unaccented copies of the examples").config([])


def some_examples() -> TrainingData:
    said = {
        "forgot": ["quên mật khẩu", "mất mật khẩu rồi", "không nhớ mật khẩu", "quên pass"],
        "greet": ["chào bạn", "xin chào", "hello ad", "hi"],
    }
    return TrainingData([Message({TEXT: text, INTENT: intent}) for intent, texts in said.items() for text in texts])


def test_the_components_learn_and_answer_without_rasas_graph(tmp_path):
    pipeline = Pipeline(CONFIG, tmp_path)
    pipeline.train(some_examples())
    answers = pipeline.answers(["quen mat khau", "chào", ""])
    assert [intent for intent, _ in answers] == ["forgot", "greet", "out_of_scope"]


def test_a_draw_takes_the_same_share_of_every_intent_and_is_repeatable():
    data = some_examples()
    half, again = (drawn(data, Fraction(1, 2), 1) for _ in range(2))
    assert half.number_of_examples_per_intent == {"forgot": 2, "greet": 2}
    assert [one.get(TEXT) for one in half.intent_examples] == [one.get(TEXT) for one in again.intent_examples]
    assert min(drawn(data, Fraction(1, 16), 1).number_of_examples_per_intent.values()) == 1


def test_components_that_write_into_messages_leave_the_examples_as_they_were():
    data = some_examples()
    fresh(data).intent_examples[0].set("text_tokens", ["x"])
    assert data.intent_examples[0].get("text_tokens") is None


def test_small_shares_are_drawn_more_than_once():
    assert all(draws >= 3 for share, draws in DRAWS.items() if share <= Fraction(1, 4))
