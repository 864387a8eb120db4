"""Labelled utterances: lists of `{text, intent, lang, style, entities}` in YAML files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Union

import yaml

Entities = Dict[str, Union[str, List[str]]]


class BadLabels(ValueError):
    """A file of labelled utterances cannot be used; the message says which row and why."""


@dataclass(frozen=True)
class Utterance:
    """What somebody wrote and what it means; `entities` is None where nobody labelled them."""

    text: str
    intent: str
    lang: Optional[str]
    style: Optional[str]
    entities: Optional[Entities]


def read_labelled(path: Path) -> List[Utterance]:
    """Return the utterances of a file, or of every `*.yml` below a folder in the order of their names.

    Raises BadLabels for a missing path, a file that is no list of rows, or a row without text and intent.
    """
    files = sorted(path.rglob("*.yml")) if path.is_dir() else [path]
    if not files:
        raise BadLabels(f"{path} holds no .yml file")
    return [utterance for file in files for utterance in _read(file)]


def _read(file: Path) -> List[Utterance]:
    try:
        rows = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadLabels(f"{file} cannot be read: {error}") from error
    if not isinstance(rows, list):
        raise BadLabels(f"{file} is no list of rows")
    return [_utterance(file, number, row) for number, row in enumerate(rows, 1)]


def _utterance(file: Path, number: int, row: Any) -> Utterance:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not isinstance(row.get("intent"), str):
        raise BadLabels(f"{file}, row {number}: a row needs a text and an intent, both in quotes when in doubt")
    entities = row.get("entities")
    if entities is not None and not isinstance(entities, dict):
        raise BadLabels(f"{file}, row {number}: entities are names and values")
    for value in (entities or {}).values():
        if not all(isinstance(one, str) for one in (value if isinstance(value, list) else [value])):
            raise BadLabels(f"{file}, row {number}: put values in quotes, numbers lose their zeros")
    return Utterance(row["text"], row["intent"].split("/")[0], row.get("lang"), row.get("style"), entities)
