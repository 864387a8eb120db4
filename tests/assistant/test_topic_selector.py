"""Which answer a general question gets, on made-up topics."""

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu.featurizer import AccentAwareFeaturizer
from assistant.nlu.tokenizer import VietnameseTokenizer
from assistant.nlu.topic_selector import TopicSelector
from assistant.nlu.unaccented_copies import UnaccentedCopies
from tests.assistant.test_intent_classifier import FOOD, WEATHER


class Selection:
    """Tokenizer, featurizer and selector, trained and loaded anew."""

    def __init__(self, folder: Path) -> None:
        storage, context = LocalModelStorage.create(folder), ExecutionContext(GraphSchema({}))

        def made(part: Any) -> Any:
            return part.create(part.get_default_config(), storage, Resource(part.__name__), context)

        topics = {"faq/weather": WEATHER, "faq/food": FOOD}
        examples = [
            Message({TEXT: one, INTENT: "faq", INTENT_RESPONSE_KEY: key}) for key, texts in topics.items() for one in texts
        ]
        examples += [Message({TEXT: one, INTENT: "greet"}) for one in ("xin chào", "chào bạn")]
        self._tokenizer, self._featurizer = made(VietnameseTokenizer), made(AccentAwareFeaturizer)
        data = self._tokenizer.process_training_data(made(UnaccentedCopies).process_training_data(TrainingData(examples)))
        self._featurizer.train(data)
        self._featurizer.process_training_data(data)
        made(TopicSelector).train(data)
        config = {**TopicSelector.get_default_config(), "threshold": 0.9}  # of two topics, one always has half
        self._selector = TopicSelector.load(config, storage, Resource("TopicSelector"), context)

    def of(self, text: str, intent: str = "faq") -> str | None:
        message = Message({TEXT: text, INTENT: {"name": intent, "confidence": 1.0}})
        for part in (self._tokenizer, self._featurizer, self._selector):
            part.process([message])
        selected = message.get("response_selector")
        return selected and selected["faq"]["response"]["utter_action"]


@pytest.fixture(scope="module")
def selection(tmp_path_factory: pytest.TempPathFactory) -> Selection:
    return Selection(tmp_path_factory.mktemp("topics"))


@pytest.mark.parametrize(
    ("text", "response"),
    [("mai có mưa không", "utter_faq/weather"), ("nau pho ga the nao", "utter_faq/food"), ("mưa phở", "utter_faq/other")],
)
def test_a_question_gets_its_topics_answer_and_an_unsure_one_none(selection: Selection, text: str, response: str) -> None:
    assert selection.of(text) == response


def test_a_message_of_another_intent_gets_none(selection: Selection) -> None:
    assert selection.of("mai có mưa không", "greet") is None
