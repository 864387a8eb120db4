"""The intent of a message: TF-IDF of words and pieces of words, and a logistic regression on top."""

from collections import Counter
from typing import Any, Callable, Dict, List, Text, Tuple, Type

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
from scipy.sparse import hstack
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
        self._c = float(config["C"])
        self._terms: Dict[Text, _Terms] = {}
        self._intents: List[Text] = []
        self._weights = self._intercepts = np.empty(0)

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
            first = 0
            for name, vectorizer in _vectorizers().items():
                terms = stored[f"{name}_terms"].tolist()
                component._terms[name] = _Terms(vectorizer.build_analyzer(), terms, stored[f"{name}_idf"], first)
                first += len(terms)
            component._intents = stored["intents"].tolist()
            component._weights, component._intercepts = np.ascontiguousarray(stored["weights"].T), stored["intercepts"]
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples that have an intent."""
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        readings = [_readings(one) for one in examples]
        vectorizers = _vectorizers()
        features = hstack([one.fit_transform([reading[name] for reading in readings]) for name, one in vectorizers.items()])
        model = LogisticRegression(C=self._c, max_iter=300, class_weight="balanced", random_state=0)
        model.fit(features.tocsr(), [one.get(INTENT) for one in examples])
        arrays = {"intents": np.array(model.classes_, dtype=str), "weights": model.coef_, "intercepts": model.intercept_}
        for name, vectorizer in vectorizers.items():
            arrays.update({f"{name}_terms": vectorizer.get_feature_names_out().astype(str), f"{name}_idf": vectorizer.idf_})
        with self._storage.write_to(self._resource) as folder:
            np.savez_compressed(folder / _FILE, **arrays)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set `intent` and `intent_ranking` of each message."""
        for message in messages:
            shares = self._shares(message)
            best = shares.argsort()[::-1]
            ranking = [{"name": self._intents[index], "confidence": float(shares[index])} for index in best[:RANKED]]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _shares(self, message: Message) -> Any:
        """Return the probability of each intent: what scikit-learn computes, without its checks of every array."""
        weighed = [self._terms[name].weigh(text) for name, text in _readings(message).items()]
        places = np.concatenate([one for one, _ in weighed])
        scores = np.concatenate([values for _, values in weighed]) @ self._weights[places] + self._intercepts
        shares = np.exp(scores - scores.max())
        return shares / shares.sum()


class _Terms:
    """The terms of one reading: how often each stands in a text, weighed by how rare it is, to length one."""

    def __init__(self, analyze: Callable[[Text], List[Text]], terms: List[Text], idf: Any, first: int) -> None:
        self._analyze = analyze
        self._place = {term: index for index, term in enumerate(terms)}
        self._idf = idf
        self._first = first

    def weigh(self, text: Text) -> Tuple[Any, Any]:
        """Return the places of a text's known terms among all features, and their weights."""
        counted = Counter(place for term in self._analyze(text) if (place := self._place.get(term)) is not None)
        places = np.fromiter(counted.keys(), dtype=int, count=len(counted))
        weights = (1.0 + np.log(np.fromiter(counted.values(), dtype=float, count=len(counted)))) * self._idf[places]
        length = np.sqrt(weights @ weights)
        return places + self._first, weights / length if length else weights


def _vectorizers() -> Dict[Text, TfidfVectorizer]:
    words = {"ngram_range": (1, 2), "sublinear_tf": True, "token_pattern": r"\S+"}
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    return {"accented": TfidfVectorizer(**words), "folded": TfidfVectorizer(**words), "pieces": pieces}


def _readings(message: Message) -> Dict[Text, Text]:
    """Return a message as words with accents, and twice as words without."""
    tokens = message.get(TOKENS_NAMES[TEXT]) or []
    folded = " ".join(token.lemma for token in tokens)
    return {"accented": " ".join(token.text for token in tokens), "folded": folded, "pieces": folded}
