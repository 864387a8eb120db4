"""TF-IDF and logistic regression, as a maintainer writes them in ten lines. Runs in Rasa's environment."""

import argparse
import json
import pickle
import resource
import time
from pathlib import Path
from typing import Any


def model(strength: float) -> Any:
    """Return the untrained model; the strength is the inverse of scikit-learn's regularisation."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    return make_pipeline(
        make_union(TfidfVectorizer(ngram_range=(1, 2)), TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4))),
        LogisticRegression(C=strength, max_iter=1000),
    )


def main() -> None:
    """Train, or answer in a process of its own with what was trained."""
    parser = argparse.ArgumentParser(prog="bench.nlu.ten_lines", description=__doc__)
    parser.add_argument("job", choices=("train", "answer"))
    parser.add_argument("--examples", type=Path, help="JSON: rows of text and intent")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--strength", type=float, default=1.0)
    parser.add_argument("--asked", type=Path, help="JSON: lists of messages by name")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    given.out.write_text(json.dumps({"train": _train, "answer": _answer}[given.job](given), ensure_ascii=False), encoding="utf-8")


def _train(given: argparse.Namespace) -> dict[str, float]:
    examples = json.loads(given.examples.read_text(encoding="utf-8"))
    started = time.monotonic()
    trained = model(given.strength).fit([one["text"] for one in examples], [one["intent"] for one in examples])
    given.model.write_bytes(pickle.dumps(trained))
    return {"train_s": time.monotonic() - started}


def _answer(given: argparse.Namespace) -> dict[str, Any]:
    trained = pickle.loads(given.model.read_bytes())
    answers: dict[str, list[Any]] = {}
    ms: list[float] = []
    for name, messages in json.loads(given.asked.read_text(encoding="utf-8")).items():
        answers[name] = []
        for message in messages:
            started = time.perf_counter()
            [shares] = trained.predict_proba([message])
            best = shares.argmax()
            ms.append((time.perf_counter() - started) * 1000)
            answers[name].append([str(trained.classes_[best]), float(shares[best])])
    return {"answers": answers, "ms": ms, "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


if __name__ == "__main__":
    main()
