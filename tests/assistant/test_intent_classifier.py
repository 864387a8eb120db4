"""Featurizer, copies and classifier on a made-up task of their own: they know nothing of insurance."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu.featurizer import AccentAwareFeaturizer
from assistant.nlu.intent_classifier import CalibratedLinearClassifier, _shares, _temperature
from assistant.nlu.tokenizer import VietnameseTokenizer
from assistant.nlu.unaccented_copies import UnaccentedCopies

WEATHER = ["trời hôm nay có mưa không", "thời tiết ngày mai", "ngoài kia nắng hay mưa", "dự báo thời tiết giúp tôi",
           "bao giờ tạnh mưa",
           "mai trời lạnh không", "tuần này có bão không", "nhiệt độ ngoài trời"]  # fmt: skip
FOOD = ["cách nấu phở bò", "nấu canh chua thế nào", "món này ướp gì", "chỉ tôi làm bánh xèo", "phở gà nấu sao cho ngon",
           "kho cá mấy phút",
        "công thức gỏi cuốn", "rán chả giò giòn lâu"]  # fmt: skip


class Pipeline:
    """The components one after the other, trained and then loaded anew from what they stored."""

    def __init__(self, folder: Path, examples: dict[str, list[str]], lookups: list[dict[str, Any]] | None = None) -> None:
        self._storage = LocalModelStorage.create(folder)
        self._context = ExecutionContext(GraphSchema({}))
        self.tokenizer = VietnameseTokenizer(VietnameseTokenizer.get_default_config())
        messages = [Message({TEXT: text, INTENT: intent}) for intent, texts in examples.items() for text in texts]
        data = TrainingData(messages, lookup_tables=lookups or [])
        copies = self._part(UnaccentedCopies)
        data = self.tokenizer.process_training_data(copies.process_training_data(data))
        featurizer = self._part(AccentAwareFeaturizer)
        featurizer.train(data)
        featurizer.process_training_data(data)
        self._part(CalibratedLinearClassifier).train(data)
        self.featurizer = self._part(AccentAwareFeaturizer, load=True)
        self.classifier = self._part(CalibratedLinearClassifier, load=True)

    def _part(self, part: Any, load: bool = False) -> Any:
        config = part.get_default_config() if part is not UnaccentedCopies else {}
        make = part.load if load else part.create
        return make(config, self._storage, Resource(part.__name__), self._context)

    def read(self, text: str) -> Message:
        """Return the message with its intent."""
        message = Message({TEXT: text})
        for part in (self.tokenizer, self.featurizer, self.classifier):
            part.process([message])
        return message


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    tables = [{"name": "dish", "elements": ["bún chả", "Lẩu Thái"]}]
    return Pipeline(tmp_path_factory.mktemp("trained"), {"weather": WEATHER, "food": [*FOOD, "bún chả"]}, tables)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("mai có mưa không", "weather"), ("mai co mua khong", "weather"), ("mai cos muwa khoong", "weather"),
        ("THỜI TIẾT???", "weather"),
        ("nấu phở", "food"), ("nau pho", "food"), ("na61u pho73", "food"),
    ],
)  # fmt: skip
def test_it_learns_any_task_and_reads_it_however_it_is_typed(pipeline: Pipeline, text: str, intent: str) -> None:
    assert pipeline.read(text).get(INTENT)["name"] == intent


def test_an_entry_of_a_lookup_table_counts_like_one_that_was_in_an_example(pipeline: Pipeline) -> None:
    assert pipeline.read("lau thai").get(INTENT)["name"] == "food"


def test_probabilities_are_a_ranking_and_add_up_to_one(pipeline: Pipeline) -> None:
    ranking = pipeline.read("mai nấu phở").get("intent_ranking")
    assert sum(one["confidence"] for one in ranking) == pytest.approx(1)
    assert [one["confidence"] for one in ranking] == sorted((one["confidence"] for one in ranking), reverse=True)


@pytest.mark.parametrize("text", ["", "qqqjjj", "ωψ"])
def test_what_nobody_ever_said_has_no_intent_and_no_confidence(pipeline: Pipeline, text: str) -> None:
    assert pipeline.read(text).get(INTENT) == {"name": None, "confidence": 0.0}


def test_examples_get_a_copy_without_accents_and_copies_carry_no_entities() -> None:
    examples = [Message({TEXT: "đổi số", INTENT: "x", "entities": [{"entity": "a"}]}), Message({TEXT: "doi so", INTENT: "x"})]
    made = UnaccentedCopies().process_training_data(TrainingData(examples)).training_examples
    assert [(one.get(TEXT), bool(one.get("entities"))) for one in made] == [
        ("đổi số", True),
        ("doi so", False),
        ("doi so", False),
    ]


def test_the_temperature_is_the_one_under_which_confidence_is_right() -> None:
    random = np.random.default_rng(1)
    margins = random.normal(size=(4_000, 3)) * 2
    chances = _shares(margins, 0.5)
    truths = np.array([random.choice(3, p=row) for row in chances])
    assert _temperature(margins, truths) == pytest.approx(0.5, rel=0.1)
