"""The evaluation set as every engine gets it: as written, and the same sentences without accents."""

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from assistant.evaluate.labelled import Utterance, read_labelled
from assistant.nlu.folding import compose, fold

Messages = dict[str, list[str]]
Answers = dict[str, list[tuple[str, float]]]
"""Intent and confidence of every message, by the name of the list; a refusal is `out_of_scope`."""
WRITTEN, UNACCENTED = "written", "unaccented"


@dataclass(frozen=True)
class Asked:
    """Utterances with their labels, and the texts that are asked."""

    labelled: list[Utterance]

    @classmethod
    def read(cls, folder: Path, of_each: int | None = None) -> "Asked":
        """Return the utterances of a folder, or only so many of each intent (in the order of the files)."""
        taken: dict[str, int] = defaultdict(int)
        chosen = []
        for one in read_labelled(folder):
            taken[one.intent] += 1
            if of_each is None or taken[one.intent] <= of_each:
                chosen.append(one)
        return cls(chosen)

    def messages(self) -> Messages:
        """Return the texts; a slash in front is Rasa's mark of a command, which nobody types here."""
        texts = [compose(one.text).strip().lstrip("/／") for one in self.labelled]
        return {WRITTEN: texts, UNACCENTED: [fold(text) for text in texts]}

    def write(self, path: Path) -> None:
        """Write the texts as JSON."""
        path.write_text(json.dumps(self.messages(), ensure_ascii=False), encoding="utf-8")
