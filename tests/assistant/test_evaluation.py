"""The scores of an evaluation, the limits that make it a gate, and files that cannot be used."""

from pathlib import Path
from typing import Any

import pytest

from assistant.evaluate.gate import broken
from assistant.evaluate.labelled import BadLabels, Utterance, read_labelled
from assistant.evaluate.pictures import draw
from assistant.evaluate.scores import scores


def said(intent: str, style: str = "short", entities: dict[str, Any] | None = None) -> Utterance:
    return Utterance("a text", intent, "vi", style, entities)


def read(intent: str, confidence: float = 0.9, entities: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"intent": intent, "confidence": confidence, "lang": "vi", "entities": entities or {}}


def test_accuracy_is_counted_in_all_and_by_style() -> None:
    labelled = [said("greet"), said("thanks", "story"), said("thanks", "story"), said("deny")]
    report = scores(labelled, [read("greet"), read("thanks"), read("greet"), read("deny")], [read("greet")] * 4)
    assert report["accuracy"] == 0.75
    assert report["accuracy_by_style"] == {"story": 0.5, "short": 1.0}
    assert report["loss_without_accents"] == 0.5
    assert report["confusions"] == [{"meant": "thanks", "read": "greet", "count": 1}]


def test_refusals_of_what_is_ours_and_of_what_is_not_are_counted_apart() -> None:
    labelled = [said("out_of_scope"), said("out_of_scope"), said("greet"), said("greet"), said("greet"), said("greet")]
    readings = [read("out_of_scope"), read("greet"), read("out_of_scope"), *[read("greet")] * 3]
    report = scores(labelled, readings, readings)
    assert (report["out_of_scope_recall"], report["in_scope_refused"]) == (0.5, 0.25)


def test_confidence_that_is_right_as_often_as_it_says_has_no_calibration_error() -> None:
    labelled = [said("greet")] * 10
    readings = [read("greet", 0.8)] * 8 + [read("deny", 0.8)] * 2
    assert scores(labelled, readings, readings)["calibration_error"] == 0
    sure = [read("greet", 1.0)] * 8 + [read("deny", 1.0)] * 2
    assert scores(labelled, sure, sure)["calibration_error"] == pytest.approx(0.2)


def test_values_count_when_they_are_exact_and_identifiers_are_pooled() -> None:
    labelled = [
        said("inform", entities={"phone": ["0912345678", "0912345679"], "province": "Hà Nội"}),
        said("inform", entities=None),
    ]
    readings = [read("inform", entities={"phone": "0912345678", "otp": "123456"}), read("inform", entities={"otp": "654321"})]
    entities = scores(labelled, readings, readings)["entities"]
    assert entities["phone"] == {"f1": 0.6667, "right": 1, "wrong": 0, "missed": 1}
    assert entities["identifiers"] == {"f1": 0.5, "right": 1, "wrong": 1, "missed": 1}
    assert entities["province"]["missed"] == 1


def test_the_surest_mistake_comes_first() -> None:
    readings = [read("deny", 0.4), read("deny", 0.95), read("greet")]
    found = scores([said("greet")] * 3, readings, readings)["mistakes"]
    assert [one["confidence"] for one in found] == [0.95, 0.4]


def test_a_report_has_pictures(tmp_path: Path) -> None:
    readings = [read("deny", 0.4), read("greet")]
    draw(scores([said("greet")] * 2, readings, readings), tmp_path)
    assert {one.name for one in tmp_path.iterdir()} == {"styles.png", "intents.png", "reliability.png", "confusions.png"}


def test_a_limit_that_is_not_kept_is_named(tmp_path: Path) -> None:
    limits = tmp_path / "limits.yml"
    limits.write_text("accuracy: {at_least: 0.9}\nby_style.*: {at_least: 0.5}\nrefused: {at_most: 0.1}\n")
    report = {"accuracy": 0.91, "by_style": {"short": 0.4, "story": 0.6}, "refused": 0.2}
    assert broken(report, limits) == [
        "by_style.short is 0.4000, at least 0.5 is demanded",
        "refused is 0.2000, at most 0.1 is allowed",
    ]


def test_a_limit_of_something_that_is_not_measured_is_an_error(tmp_path: Path) -> None:
    limits = tmp_path / "limits.yml"
    limits.write_text("acuracy: {at_least: 0.9}\n")
    with pytest.raises(KeyError):
        broken({"accuracy": 1.0}, limits)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{}", "no list of rows"),
        ("- text: 5\n  intent: greet\n", "row 1: a row needs a text and an intent"),
        ("- text: hi\n  intent: greet\n- {text: hi}\n", "row 2"),
        ('- {text: "a", intent: b, entities: {code: 7912345678}}', "put values in quotes"),
        ("[", "cannot be read"),
    ],
)
def test_labels_that_cannot_be_used_are_refused_with_the_row(tmp_path: Path, content: str, why: str) -> None:
    file = tmp_path / "set.yml"
    file.write_text(content)
    with pytest.raises(BadLabels, match=why):
        read_labelled(file)


def test_a_folder_is_read_file_by_file_and_a_missing_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "b.yml").write_text("- {text: hai, intent: faq/x}\n")
    (tmp_path / "a.yml").write_text("- {text: một, intent: greet, lang: vi, style: short, entities: {}}\n")
    assert [(one.text, one.intent) for one in read_labelled(tmp_path)] == [("một", "greet"), ("hai", "faq")]
    with pytest.raises(BadLabels, match="nowhere"):
        read_labelled(tmp_path / "nowhere.yml")
