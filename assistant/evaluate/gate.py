"""The limits that a model must keep to: a YAML file of measures and bounds."""

from pathlib import Path
from typing import Any, Dict, List

import yaml


def broken(report: Dict[str, Any], limits: Path) -> List[str]:
    """Return a sentence for each limit that the report does not keep, none when the model passes.

    A limit names a measure by its path in the report (`entities.full_name.f1`, `accuracy_by_style.*` for every style) and
    says `at_least` or `at_most`. Raises KeyError for a measure that the report does not have.
    """
    found = []
    for measure, limit in yaml.safe_load(limits.read_text(encoding="utf-8")).items():
        for name, value in _values(report, measure):
            if value < limit.get("at_least", value):
                found.append(f"{name} is {value:.4f}, at least {limit['at_least']} is demanded")
            if value > limit.get("at_most", value):
                found.append(f"{name} is {value:.4f}, at most {limit['at_most']} is allowed")
    return found


def _values(report: Dict[str, Any], measure: str) -> List[Any]:
    found: Any = report
    *path, last = measure.split(".")
    for step in path:
        found = found[step]
    names = list(found) if last == "*" else [last]
    return [(".".join([*path, name]), found[name]) for name in names]
