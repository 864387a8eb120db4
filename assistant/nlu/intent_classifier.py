"""The intent of a message: TF-IDF of words and pieces of words, and a logistic regression on top."""

from typing import Any, Dict, List, Text, Tuple, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

_FILE = "intent_classifier.npz"
RANKED = 5
"""How many intents of the ranking are kept."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TfidfIntentClassifier(IntentClassifier, GraphComponent):
    """Reads a message three times: words with accents, words without, and pieces of words without.

    Accents tell apart what is written with them, folding finds what is written without, pieces forgive typos,
    teencode and raw Telex. Rasa's own logistic regression counts instead of weighing and cannot be told how far to
    regularise; on `tests/nlu/first_light.yml` it is six points behind.
    """

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource) -> None:
        self._storage = storage
        self._resource = resource
        words = {"ngram_range": (1, 2), "sublinear_tf": True, "token_pattern": r"\S+"}
        self._accented = TfidfVectorizer(**words)
        self._folded = TfidfVectorizer(**words)
        self._pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
        self._model = LogisticRegression(C=float(config["C"]), max_iter=300, class_weight="balanced", random_state=0)

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the default settings: `C`, the inverse strength of regularisation."""
        return {"C": 30.0}

    @classmethod
    def required_components(cls) -> List[Type]:
        """A tokenizer with lemmas has to run before."""
        return [Tokenizer]

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "TfidfIntentClassifier":
        """Build an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "TfidfIntentClassifier":
        """Read a trained component: plain arrays, never pickled objects."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / _FILE, allow_pickle=False) as stored:
            for name, vectorizer in component._vectorizers().items():
                vectorizer.vocabulary_ = {term: index for index, term in enumerate(stored[f"{name}_terms"].tolist())}
                vectorizer.idf_ = stored[f"{name}_idf"]
            component._model.classes_ = stored["intents"]
            # Fortran order: scikit-learn multiplies with the transpose, and would copy all weights for every message.
            component._model.coef_, component._model.intercept_ = np.asfortranarray(stored["weights"]), stored["intercepts"]
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples that have an intent."""
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        accented, folded = _readings(examples)
        features = hstack(
            [self._accented.fit_transform(accented), self._folded.fit_transform(folded), self._pieces.fit_transform(folded)]
        )
        self._model.fit(features.tocsr(), [one.get(INTENT) for one in examples])
        arrays = {"intents": np.array(self._model.classes_, dtype=str)}
        arrays.update(weights=self._model.coef_, intercepts=self._model.intercept_)
        for name, vectorizer in self._vectorizers().items():
            arrays.update({f"{name}_terms": vectorizer.get_feature_names_out().astype(str), f"{name}_idf": vectorizer.idf_})
        with self._storage.write_to(self._resource) as folder:
            np.savez_compressed(folder / _FILE, **arrays)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set `intent` and `intent_ranking` of each message."""
        names = self._model.classes_
        for number, shares in enumerate(self._model.predict_proba(self._features(messages))):
            message = messages[number]
            ranking = [{"name": str(names[index]), "confidence": float(shares[index])} for index in shares.argsort()[::-1]]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking[:RANKED], add_to_output=True)
        return messages

    def _vectorizers(self) -> Dict[Text, TfidfVectorizer]:
        return {"accented": self._accented, "folded": self._folded, "pieces": self._pieces}

    def _features(self, messages: List[Message]) -> csr_matrix:
        accented, folded = _readings(messages)
        parts = [self._accented.transform(accented), self._folded.transform(folded), self._pieces.transform(folded)]
        return hstack(parts).tocsr()


def _readings(messages: List[Message]) -> Tuple[List[str], List[str]]:
    """Return every message as words with accents, and as words without."""
    tokens = [message.get(TOKENS_NAMES[TEXT]) or [] for message in messages]
    return [" ".join(token.text for token in one) for one in tokens], [" ".join(token.lemma for token in one) for one in tokens]
