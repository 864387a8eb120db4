"""Sparse features of a whole message: its words with accents, its words without, and pieces of words without."""

import re
from collections import Counter
from functools import lru_cache
from typing import Any, Callable, Dict, List, Pattern, Text, Tuple, Type

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from assistant.nlu.component import Learning
from assistant.nlu.folding import fold

_FILE = "terms.npz"
_BEGIN = "‹"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class AccentAwareFeaturizer(Learning):
    """TF-IDF of three readings of a message, each of length one and then weighed.

    Accents tell apart what is written with them, folding finds what is written without, pieces forgive typos. Every lookup
    table of the training data that a message has an entry of adds a term of its own, so that what was never seen in an
    example (another bank) counts like what was.
    """

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._readings: Dict[Text, _Terms] = {}
        self._lookups: Dict[Text, Pattern[Text]] = {}

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the weight of each reading, the lengths of pieces in characters, and the fewest examples of a piece."""
        return {"accented": 1.0, "folded": 1.0, "pieces": 0.7, "min_piece": 2, "max_piece": 5, "piece_examples": 2}

    @classmethod
    def required_components(cls) -> List[Type]:
        """A tokenizer with lemmas has to run before."""
        return [Tokenizer]

    def read(self) -> None:
        """Take up terms, their weights and the lookup tables' patterns: plain arrays."""
        with self._storage.read_from(self._resource) as folder, np.load(folder / _FILE, allow_pickle=False) as stored:
            trained = {name: (stored[f"{name}_terms"].tolist(), stored[f"{name}_idf"]) for name in self._vectorizers()}
            self._use(trained, {name: str(pattern) for name, pattern in stored["lookups"]})

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the terms of the examples that have an intent, and how rare each is."""
        lookups = _lookup_patterns(training_data)
        self._use({}, lookups)
        texts = [self._texts(one) for one in training_data.intent_examples if one.get(TOKENS_NAMES[TEXT])]
        trained = {}
        for name, vectorizer in self._vectorizers().items():
            vectorizer.fit([text[name] for text in texts])
            trained[name] = (vectorizer.get_feature_names_out().tolist(), vectorizer.idf_)
        self._use(trained, lookups)
        arrays = {f"{name}_terms": np.array(terms, dtype=str) for name, (terms, _) in trained.items()}
        arrays.update({f"{name}_idf": idf for name, (_, idf) in trained.items()})
        arrays["lookups"] = np.array(list(lookups.items()), dtype=str).reshape(-1, 2)
        with self._storage.write_to(self._resource) as folder:
            np.savez_compressed(folder / _FILE, **arrays)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set the features of the examples that classifiers learn from."""
        self.process(training_data.intent_examples)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the features of each message."""
        for message in messages:
            if not message.get(TOKENS_NAMES[TEXT]):
                continue
            texts = self._texts(message)
            weighed = [terms.weigh(texts[name]) for name, terms in self._readings.items()]
            places = np.concatenate([one for one, _ in weighed])
            values = np.concatenate([one for _, one in weighed])
            row = csr_matrix((values, places, (0, len(places))), shape=(1, self._width()))
            message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, "AccentAwareFeaturizer"))
        return messages

    def _use(self, trained: Dict[Text, Tuple[List[Text], Any]], lookups: Dict[Text, Text]) -> None:
        self._lookups = {name: re.compile(pattern) for name, pattern in lookups.items()}
        first = 0
        for name, (terms, idf) in trained.items():
            analyzer = self._vectorizers()[name].build_analyzer()
            self._readings[name] = _Terms(analyzer, terms, idf, first, float(self._config[name]))
            first += len(terms)

    def _width(self) -> int:
        return sum(terms.count for terms in self._readings.values())

    def _vectorizers(self) -> Dict[Text, TfidfVectorizer]:
        words = {"ngram_range": (1, 2), "token_pattern": r"\S+"}
        shortest, longest = self._config["min_piece"], self._config["max_piece"]
        return {
            "accented": TfidfVectorizer(**words), "folded": TfidfVectorizer(**words),
            "pieces": TfidfVectorizer(
                analyzer=lambda text: [piece for word in text.split() for piece in _pieces(word, shortest, longest)],
                min_df=self._config["piece_examples"],
            ),
        }  # fmt: skip

    def _texts(self, message: Message) -> Dict[Text, Text]:
        """Return the text of each reading; words from lookup tables stand behind the folded words."""
        tokens = message.get(TOKENS_NAMES[TEXT]) or []
        folded = " ".join(token.lemma for token in tokens)
        found = [f"{_BEGIN}{name}" for name, pattern in self._lookups.items() if pattern.search(folded)]
        return {
            "accented": " ".join(token.text for token in tokens), "folded": " ".join([folded, *found]), "pieces": folded
        }  # fmt: skip


@lru_cache(maxsize=16_384)  # people use the same words again and again
def _pieces(word: Text, shortest: int, longest: int) -> Tuple[Text, ...]:
    """Return the pieces of a word between two spaces; a word that is shorter than a piece stands for itself, once."""
    padded = f" {word} "
    found = []
    for length in range(shortest, longest + 1):
        found += [padded[start : start + length] for start in range(max(1, len(padded) - length + 1))]
        if length >= len(padded):
            break
    return tuple(found)


class _Terms:
    """The terms of one reading: how often each stands in a text, weighed by how rare it is, to the reading's length."""

    def __init__(self, analyze: Callable[[Text], List[Text]], terms: List[Text], idf: Any, first: int, weight: float) -> None:
        self._analyze = analyze
        self._place = {term: index for index, term in enumerate(terms)}
        self._idf = idf
        self._first = first
        self._weight = weight
        self.count = len(terms)

    def weigh(self, text: Text) -> Tuple[Any, Any]:
        """Return the places of a text's known terms among all features, and their weights."""
        counted = Counter(map(self._place.get, self._analyze(text)))
        counted.pop(None, None)  # all terms that nobody used in training
        places = np.fromiter(counted.keys(), dtype=int, count=len(counted))
        weights = (1.0 + np.log(np.fromiter(counted.values(), dtype=float, count=len(counted)))) * self._idf[places]
        length = np.sqrt(weights @ weights)
        return places + self._first, weights * (self._weight / length) if length else weights


def _lookup_patterns(training_data: TrainingData) -> Dict[Text, Text]:
    """Return, for each lookup table that lists its entries, what finds one of them in folded words."""
    patterns = {}
    for table in training_data.lookup_tables:
        if isinstance(table["elements"], list):
            entries = sorted({fold(entry) for entry in table["elements"]}, key=lambda entry: (-len(entry), entry))
            patterns[table["name"]] = rf"(?<!\S)(?:{'|'.join(map(re.escape, entries))})(?!\S)"
    return patterns
