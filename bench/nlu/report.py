"""The report people read, and the tables that docs/understanding.md quotes."""

from bench.nlu import table
from bench.nlu.measured import Run
from bench.nlu.plots import PICTURES


def markdown(run: Run) -> str:
    """Return the report of a run."""
    pictures = {name: f"![{title}]({name})" for name, title in PICTURES.items()}
    return f"""# Understanding, beside three engines a maintainer could have taken

{made(run)}{QUICK if run.quick else ""}

{table.engines(run)}

{table.verdict(run)}

{table.styles(run)}

{pictures["nlu-engines.png"]}

## Accuracy against the number of examples

{table.curve(run)}

{pictures["nlu-curve.png"]}

## What each part adds

One part is taken out at a time, everything else stays and is trained anew.

{table.parts(run)}

{pictures["nlu-parts.png"]}

## How it was measured

{notes()}
"""


QUICK = " **A quick run: few examples, few questions; its numbers only show that it works.**"


def quoted(run: Run) -> dict[str, str]:
    """Return what docs/understanding.md quotes, by the name of its place there."""
    return {
        "engines": f"{made(run)}\n\n{table.engines(run)}\n\n{table.verdict(run)}",
        "styles": table.styles(run),
        "curve": table.curve(run),
        "parts": table.parts(run),
    }


def made(run: Run) -> str:
    """Return when, from what and on what the numbers were made."""
    machine = run.machine
    company = (
        f"; other programs took {machine['others_share']:.0%} of the processor while the engines were measured, so times are "
        "upper bounds"
        if "others_share" in machine
        else ""
    )
    return (
        f"Made by `make bench PROGRAM=nlu` on {machine['date']} at commit {machine['commit']}: "
        f"{run.examples:,} examples learned, {run.asked:,} other sentences asked; "
        f"{machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory_gb']} GB, {machine['system']}, one thread each{company}."
    )


def notes() -> str:
    """Return what a reader must know to trust the numbers."""
    said = [
        "Every engine learns the same examples (`data/*/nlu.yml`) with the same intents, `out_of_scope` among them, and is asked "
        "the same sentences (`tests/nlu/evaluation`), written by others than the examples. A refusal counts as `out_of_scope`: "
        "Rasa's fallback, NLP.js's `None`.",
        "Without accents: the same sentences folded; the loss is over all of them.",
        "Ours is the pipeline of `config.yml`, Rasa's default that of `rasa init` (`bench/nlu/default_pipeline.yml`); both are "
        "trained by Rasa, from the files of examples to the model's file, without Rasa's cache (ours without its fingerprints "
        "too, as `make train`), and asked through Rasa's agent. "
        "DIET learns as many epochs as fit its time, of the 100 that `rasa init` plans; its training seconds are those of the "
        "run that trained it, its model is kept. On a machine with other work fewer epochs fit: read its row with that in mind.",
        "TF-IDF + logistic regression is ten lines of scikit-learn (`bench/nlu/ten_lines.py`): words 1–2, characters 2–4; "
        "once as scikit-learn sets it, once with less regularisation (C=10).",
        "NLP.js has no Vietnamese of its own; it says that any language works through its tokenizer. It is set up as its README "
        "says, with languages `vi` and `en`: an example is added to the language that ours guesses, a question's language is "
        "NLP.js's own guess. Where every intent scores nothing it answers `None`; `useNoneFeature: false`, which its README "
        "names against that, changed no answer when it was tried. Its training is `train()` and `save()`.",
        "Milliseconds are of each message by itself, over both lists; memory is the most that a process held that only loads the "
        "model and answers.",
        "The learning curve draws by intent with a fixed seed, three times for the small shares. Curve and parts train the "
        "components of `config.yml` that decide on the intent one after the other, without Rasa's graph; seconds are of that.",
        "Without calibration the confidences are so low that the refusal's limit refuses nearly everything; so both are taken "
        "out together, too. The words without accents carry the lookup tables' terms, if the data have such tables.",
    ]
    return "\n".join(f"- {sentence}" for sentence in said)
