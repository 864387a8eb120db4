"""From measurements to Markdown tables."""

from collections.abc import Sequence
from statistics import mean

from bench.nlu.measured import Engine, Run, Trained
from bench.nlu.scored import Scores
from bench.verdict import Demand, Spread, short

OVERALL = Demand(0, 5, more_is_better=True)
"""Points by which ours must be ahead of the best peer over all utterances, and better in every style."""


def engines(run: Run) -> str:
    """Return the table of the engines."""
    head = ["engine", "intents right", "weakest style", "points lost without accents", "out of scope recognised",
            "others refused", "calibration error", "training, s", "a message, ms (p50)", "p95", "memory, MB"]  # fmt: skip
    return _table(head, [_engine(one) for one in run.engines])


def styles(run: Run) -> str:
    """Return accuracy by style, the styles in which ours is ahead of the best peer by least first."""
    measured = [one for one in run.engines if one.scores]
    ahead = leads(run)
    rows = [
        [style, *(share(one.scores.accuracy_by_style[style]) for one in measured if one.scores), f"{ahead[style] * 100:+.1f}"]
        for style in sorted(ahead, key=lambda style: ahead[style])
    ]
    return _table(["style", *(one.name for one in measured), "ours ahead of the best, points"], rows)


def leads(run: Run) -> dict[str, float]:
    """Return by how much ours is better than the best peer in each style; nothing without a peer."""
    measured = [one.scores for one in run.engines if one.scores]
    if len(measured) < 2:
        return {}
    ours, *peers = measured
    return {style: mine - max(peer.accuracy_by_style[style] for peer in peers) for style, mine in ours.accuracy_by_style.items()}


def verdict(run: Run) -> str:
    """Return one sentence on what is demanded: better than the best peer in every style, and by five points overall."""
    measured = [(one.scores, one.name) for one in run.engines if one.scores]
    if len(measured) < 2:
        return "No peer was measured."
    (ours, _), *peers = measured
    scores, best = max(peers, key=lambda peer: peer[0].accuracy)
    ahead = round((ours.accuracy - scores.accuracy) * 100, 2)
    behind = [style for style, lead in leads(run).items() if lead <= 0]
    in_styles = f"**not better in: {', '.join(sorted(behind))}**" if behind else "better in every style (must met)"
    by_points = "goal met" if OVERALL.grade(ahead) == "goal met" else "the goal of 5 is not met"
    overall = f"over all sentences it is {ahead:+.1f} points ahead of {best} ({by_points})"
    return f"Beside the best peer of each style ours is {in_styles}; {overall}."


def curve(run: Run) -> str:
    """Return accuracy against the number of examples, overall and by style; several draws as their mean and both ends."""
    groups = grouped(run.curve)
    names = sorted({style for one in run.curve if one.scores for style in one.scores.accuracy_by_style})
    rows = [["**all**", *(_spread([one.accuracy for one in drawn]) for drawn in groups.values())]]
    rows.append(["all, without accents", *(share(mean(_unaccented(one) for one in drawn)) for drawn in groups.values())])
    rows += [[style, *(share(_mean(drawn, style)) for drawn in groups.values())] for style in names]
    return _table(["examples", *(f"{count:,}" for count in groups)], rows)


def grouped(trained: Sequence[Trained]) -> dict[int, list[Scores]]:
    """Return the scores of all draws by the number of examples, the fewest first; draws of a share count as one number."""
    shares = sorted({one.share for one in trained if one.scores})
    return {
        round(mean(one.examples for one in trained if one.share == kept)): [
            one.scores for one in trained if one.share == kept and one.scores
        ]
        for kept in shares
    }


def parts(run: Run) -> str:
    """Return what each part adds: the numbers without it, the part that costs most first."""
    if not run.parts or run.parts[0].scores is None:
        return "Not measured."
    whole, *rest = run.parts
    head = ["without", "intents right", "points lost", "sentences lost / won", "without accents", "style that loses most",
            "calibration error", "training, s"]  # fmt: skip
    assert whole.scores is not None
    rows = [["(everything in its place)", share(whole.scores.accuracy), "", "", share(_unaccented(whole.scores)), "",
             f"{whole.scores.calibration_error:.3f}", short(whole.seconds)]]  # fmt: skip
    for one in sorted(rest, key=lambda one: one.scores.accuracy if one.scores else 2):
        rows.append(_part(one, whole.scores))
    return _table(head, rows)


def share(value: float) -> str:
    """Return a share of one in percent."""
    return f"{value * 100:.1f} %"


def _engine(one: Engine) -> list[str]:
    if one.scores is None:
        return [one.name, one.said, *[""] * 9]
    scores, (style, least) = one.scores, one.scores.weakest
    name = f"{one.name}, {one.said}" if one.said else one.name
    return [name, share(scores.accuracy), f"{style} {share(least)}", f"{scores.loss_without_accents * 100:.1f}",
            share(scores.out_of_scope_recall), share(scores.in_scope_refused), f"{scores.calibration_error:.3f}",
            short(one.train_s), short(one.p50_ms), short(one.p95_ms), short(one.rss_mb)]  # fmt: skip


def _part(one: Trained, whole: Scores) -> list[str]:
    if one.scores is None:
        return [one.name, f"not measured: {one.said}", *[""] * 6]
    lost = sum(before and not after for before, after in zip(whole.right, one.scores.right, strict=True))
    won = sum(after and not before for before, after in zip(whole.right, one.scores.right, strict=True))
    falls = {style: before - one.scores.accuracy_by_style[style] for style, before in whole.accuracy_by_style.items()}
    most = max(falls, key=lambda style: (falls[style], style))
    return [one.name, share(one.scores.accuracy), f"{(whole.accuracy - one.scores.accuracy) * 100:.1f}", f"{lost} / {won}",
            share(_unaccented(one.scores)), f"{most}, {falls[most] * 100:.1f}" if falls[most] > 0 else "none",
            f"{one.scores.calibration_error:.3f}", short(one.seconds)]  # fmt: skip


def _unaccented(scores: Scores) -> float:
    return scores.accuracy - scores.loss_without_accents


def _mean(drawn: Sequence[Scores], style: str) -> float:
    return mean(one.accuracy_by_style[style] for one in drawn)


def _spread(values: Sequence[float]) -> str:
    spread = Spread.of(values)
    if spread is None or spread.least == spread.greatest:
        return f"**{share(mean(values))}**"
    return f"**{share(mean(values))}** ({spread.least * 100:.1f}–{spread.greatest * 100:.1f})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *rows])
