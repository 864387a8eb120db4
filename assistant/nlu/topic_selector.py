"""Which answer a general question gets: its topic among the responses of a retrieval intent."""

from typing import Any, Dict, List, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu.intent_classifier import CalibratedLinearClassifier


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicSelector(CalibratedLinearClassifier):
    """Selects `utter_<retrieval intent>/<topic>` where Rasa's ResponseSelector does, by separators of the topics alone.

    A topic that is not sure enough is none: the response is the intent's `other`, which says honestly that we do not know.
    """

    learns = INTENT_RESPONSE_KEY

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the classifier's, the retrieval intent, and the confidence from which a topic is believed."""
        return {**CalibratedLinearClassifier.get_default_config(), "retrieval_intent": "faq", "threshold": 0.4}

    def examples(self, training_data: TrainingData) -> List[Message]:
        """Return the examples of the retrieval intent."""
        return [one for one in training_data.intent_examples if one.get(INTENT) == self._intent and one.get(self.learns)]

    def process(self, messages: List[Message]) -> List[Message]:
        """Set `response_selector` of each message that has the retrieval intent."""
        for message in messages:
            if message.get(INTENT, {}).get("name") != self._intent:
                continue
            ranking = self.ranking(message)
            sure = bool(ranking) and ranking[0]["confidence"] >= self._config["threshold"]
            key = ranking[0]["name"] if sure else f"{self._intent}/other"
            response = {"intent_response_key": key, "utter_action": f"utter_{key}"}
            message.set("response_selector", {self._intent: {"response": response, "ranking": ranking}}, add_to_output=True)
        return messages

    @property
    def _intent(self) -> Text:
        return str(self._config["retrieval_intent"])
