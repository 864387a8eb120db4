"""The intent of a message: linear support vectors on its sparse features, their margins turned into probabilities."""

from typing import Any, Dict, List, Text, Tuple, Type

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, vstack
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from assistant.nlu.component import Learning
from assistant.nlu.featurizer import AccentAwareFeaturizer
from assistant.nlu.unaccented_copies import COPY

_FILE = "separators.npz"
RANKED = 5
"""How many intents of the ranking are kept."""
_ENOUGH = 3_000
"""Examples that tell one number well; more folds would only take time."""
_TOLERANCE = 0.01
"""Where the search for the separators ends: a hundredth moves a margin in its third decimal and no intent."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CalibratedLinearClassifier(IntentClassifier, Learning):
    """One linear separator an intent; a confidence of 0.8 is right eight times in ten.

    The separators' margins become probabilities by one number, the temperature. It is measured on examples that the
    separators did not see: parts are trained aside, then everything is trained once more.
    """

    learns = INTENT
    """The property of an example that is learned."""

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._names: List[Text] = []
        self._weights = self._intercepts = np.empty(0)
        self._temperature = 1.0

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return `C`, the inverse strength of regularisation, and in how many parts examples measure the temperature."""
        return {"C": 0.5, "folds": 3}

    @classmethod
    def required_components(cls) -> List[Type]:
        """Something has to make sparse features of the whole message before."""
        return [AccentAwareFeaturizer]

    def read(self) -> None:
        """Take up separators and temperature: plain arrays."""
        with self._storage.read_from(self._resource) as folder, np.load(folder / _FILE, allow_pickle=False) as stored:
            self._names = stored["names"].tolist()
            self._weights = np.ascontiguousarray(stored["weights"].T)
            self._intercepts = stored["intercepts"]
            self._temperature = float(stored["temperature"])

    def examples(self, training_data: TrainingData) -> List[Message]:
        """Return what is learned from."""
        return training_data.intent_examples

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples that have a name to learn and features."""
        examples = [(one, row) for one in self.examples(training_data) if (row := _features(one)) is not None]
        rows = vstack([row for _, row in examples]).tocsr()
        names = np.array([one.get(self.learns) for one, _ in examples])
        own = np.array([not one.get(COPY) for one, _ in examples])
        model = self._fit(rows, names)
        temperature = self._measure_temperature(rows[own], names[own])
        with self._storage.write_to(self._resource) as folder:
            np.savez_compressed(
                folder / _FILE,
                names=model.classes_.astype(str),
                weights=model.coef_.astype(np.float32),
                intercepts=model.intercept_.astype(np.float32),
                temperature=temperature,
            )
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set `intent` and `intent_ranking` of each message; one without features gets neither name nor confidence."""
        for message in messages:
            ranking = self.ranking(message)
            message.set(INTENT, ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def ranking(self, message: Message) -> List[Dict[Text, Any]]:
        """Return the likeliest names, each with its confidence; none for a message without features."""
        row = _features(message)
        if row is None:
            return []
        shares = _shares(row.data @ self._weights[row.indices] + self._intercepts, self._temperature)
        return [{"name": self._names[index], "confidence": float(shares[index])} for index in shares.argsort()[::-1][:RANKED]]

    def _fit(self, rows: csr_matrix, names: Any) -> LinearSVC:
        model = LinearSVC(C=self._config["C"], class_weight="balanced", tol=_TOLERANCE, random_state=0)
        model.fit(rows, names)
        if len(model.classes_) == 2:  # scikit-learn keeps one separator for two classes
            model.coef_, model.intercept_ = np.vstack([-model.coef_, model.coef_]), np.r_[-model.intercept_, model.intercept_]
        return model

    def _measure_temperature(self, rows: csr_matrix, names: Any) -> float:
        _, rarest = np.unique(names, return_counts=True)
        folds = min(self._config["folds"], int(rarest.min()))
        if folds < 2:
            return 1.0
        margins, truths = [], []
        for known, asked in StratifiedKFold(folds, shuffle=True, random_state=0).split(rows, names):
            model = self._fit(rows[known], names[known])
            margins.append(rows[asked] @ model.coef_.T + model.intercept_)
            truths.append(np.searchsorted(model.classes_, names[asked]))
            if sum(map(len, truths)) >= _ENOUGH:
                break
        return _temperature(np.vstack(margins), np.concatenate(truths))


def _features(message: Message) -> Any:
    """Return the sentence's sparse features as one row; None when there are none: nobody ever said such a thing."""
    _, sentence = message.get_sparse_features(TEXT, [])
    return sentence.features.tocsr() if sentence is not None and sentence.features.nnz else None


def _shares(margins: Any, temperature: float) -> Any:
    scores = margins / temperature
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)


def _temperature(margins: Any, truths: Any) -> float:
    """Return the temperature under which the truths are most likely."""

    def surprise(logarithm: float) -> float:
        shares = _shares(margins, np.exp(logarithm))
        return float(-np.log(shares[np.arange(len(truths)), truths] + 1e-12).mean())

    found: Tuple[float, float] = (np.log(0.02), np.log(5.0))
    return float(np.exp(minimize_scalar(surprise, bounds=found, method="bounded").x))
