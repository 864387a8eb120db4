"""How well readings agree with labels: plain numbers, ready for JSON."""

from collections import Counter, defaultdict
from typing import Any, Dict, Iterable, List, Optional, Set, Tuple

from assistant.evaluate.labelled import Entities, Utterance

Reading = Dict[str, Any]
IDENTIFIERS = ("bhxh_code", "personal_id", "id_document", "phone", "email", "otp", "dob", "hotline", "url")
"""Entities that are scored together as "identifiers"."""
OUT_OF_SCOPE = "out_of_scope"
BINS = 10
WORST = 200
"""Mistakes that are listed."""


def scores(labelled: List[Utterance], readings: List[Reading], unaccented: List[Reading]) -> Dict[str, Any]:
    """Return every number of the report; `unaccented` reads the same texts without accents."""
    right = [one.intent == reading["intent"] for one, reading in zip(labelled, readings)]
    without_accents = [one.intent == reading["intent"] for one, reading in zip(labelled, unaccented)]
    return {
        "utterances": len(labelled),
        "accuracy": _share(right),
        "accuracy_by_style": _shares_by((one.style for one in labelled), right),
        "accuracy_by_intent": _shares_by((one.intent for one in labelled), right),
        "accuracy_by_lang": _shares_by((one.lang for one in labelled), right),
        "lang": _share(one.lang == reading["lang"] for one, reading in zip(labelled, readings) if one.lang),
        "loss_without_accents": round(_share(right) - _share(without_accents), 4),
        "out_of_scope_recall": _share(hit for one, hit in zip(labelled, right) if one.intent == OUT_OF_SCOPE),
        "in_scope_refused": _share(
            reading["intent"] == OUT_OF_SCOPE for one, reading in zip(labelled, readings) if one.intent != OUT_OF_SCOPE
        ),
        "calibration_error": calibration_error(readings, right),
        "reliability": reliability(readings, right),
        "entities": entity_scores(labelled, readings),
        "confusions": _confusions(labelled, readings),
        "mistakes": mistakes(labelled, readings),
    }


def reliability(readings: List[Reading], right: List[bool]) -> List[Dict[str, float]]:
    """Return, for every tenth of confidence that occurs: how many, how sure they were, how many of them were right."""
    bins: Dict[int, List[Tuple[float, bool]]] = defaultdict(list)
    for reading, hit in zip(readings, right):
        bins[min(int(reading["confidence"] * BINS), BINS - 1)].append((reading["confidence"], hit))
    return [
        {
            "count": len(pairs),
            "confidence": round(sum(sure for sure, _ in pairs) / len(pairs), 4),
            "accuracy": _share(hit for _, hit in pairs),
        }
        for _, pairs in sorted(bins.items())
    ]


def calibration_error(readings: List[Reading], right: List[bool]) -> float:
    """Return the expected calibration error over ten bins: how far confidence and accuracy are apart, on average."""
    bins = reliability(readings, right)
    return round(sum(one["count"] * abs(one["confidence"] - one["accuracy"]) for one in bins) / max(1, len(readings)), 4)


def entity_scores(labelled: List[Utterance], readings: List[Reading]) -> Dict[str, Any]:
    """Return exact F1 of every entity and of all identifiers pooled, over the utterances whose entities are labelled."""
    counts: Dict[str, Counter] = defaultdict(Counter)
    for one, reading in zip(labelled, readings):
        if one.entities is None:
            continue
        wanted, given = _pairs(one.entities), _pairs(reading["entities"])
        for name, _ in wanted & given:
            counts[name]["right"] += 1
        for name, _ in wanted - given:
            counts[name]["missed"] += 1
        for name, _ in given - wanted:
            counts[name]["wrong"] += 1
    pooled: Counter = sum((counts[name] for name in IDENTIFIERS if name in counts), Counter())
    return {name: _f1(count) for name, count in sorted({**counts, "identifiers": pooled}.items())}


def mistakes(labelled: List[Utterance], readings: List[Reading]) -> List[Dict[str, Any]]:
    """Return what was understood wrong, the surest mistake first; then wrong values."""
    found = []
    for one, reading in zip(labelled, readings):
        if one.intent != reading["intent"]:
            found.append({"text": one.text, "style": one.style, "meant": one.intent, "read": reading["intent"],
                          "confidence": reading["confidence"]})  # fmt: skip
    found.sort(key=lambda row: -row["confidence"])
    values = [
        {"text": one.text, "style": one.style, "meant": one.entities, "read": reading["entities"]}
        for one, reading in zip(labelled, readings)
        if one.entities is not None and _pairs(one.entities) != _pairs(reading["entities"])
    ]
    return found[:WORST] + values[:WORST]


def _pairs(entities: Entities) -> Set[Tuple[str, str]]:
    return {(name, one) for name, value in entities.items() for one in (value if isinstance(value, list) else [value])}


def _f1(count: Counter) -> Dict[str, float]:
    whole = 2 * count["right"] + count["wrong"] + count["missed"]
    return {
        "f1": round(2 * count["right"] / whole, 4) if whole else 1.0,
        **{key: count[key] for key in ("right", "wrong", "missed")},
    }


def _confusions(labelled: List[Utterance], readings: List[Reading]) -> List[Dict[str, Any]]:
    pairs = Counter((one.intent, reading["intent"]) for one, reading in zip(labelled, readings))
    return [{"meant": meant, "read": read, "count": count} for (meant, read), count in pairs.most_common() if meant != read]


def _shares_by(names: Iterable[Optional[str]], right: List[bool]) -> Dict[str, float]:
    groups: Dict[str, List[bool]] = defaultdict(list)
    for name, hit in zip(names, right):
        if name is not None:
            groups[name].append(hit)
    return {name: _share(hits) for name, hits in sorted(groups.items(), key=lambda item: _share(item[1]))}


def _share(hits: Iterable[bool]) -> float:
    counted = list(hits)
    return round(sum(counted) / len(counted), 4) if counted else 1.0
