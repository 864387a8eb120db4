"""The arithmetic of the understanding benchmark with made-up numbers: tables, verdict, what is quoted, what is kept."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.evaluate.labelled import Utterance
from bench.nlu import engines, table
from bench.nlu.asked import UNACCENTED, WRITTEN, Asked
from bench.nlu.engines import Task, digest
from bench.nlu.in_rasa import another_fits, with_epochs
from bench.nlu.measured import Engine, Run, Trained
from bench.nlu.plots import PICTURES
from bench.nlu.quoting import NoPlace, with_quotes
from bench.nlu.report import markdown, quoted
from bench.nlu.scored import Scores, percentiles, scored
from tests.programs import ROOT

MACHINE = {
    "date": "2030-01-02", "commit": "abc1234", "processor": "A processor", "cores": 2, "memory_gb": 8, "system": "Linux x86_64",
    "others_share": 0.07,
}  # fmt: skip


def some(accuracy: float, telex: float = 0.5, accented: float = 0.9, right: Sequence[int] = (1, 1, 0)) -> Scores:
    styles = {"telex": telex, "accented": accented}
    return Scores(100, accuracy, styles, 0.01, 0.8, 0.04, 0.02, [bool(one) for one in right])


def a_run(**changed: object) -> Run:
    run = Run(MACHINE, 1000, 100)
    run.engines = [
        Engine("ours", "", some(0.95, telex=0.9, accented=0.97), 12, 1, 2, 200),
        Engine("a peer", "3 epochs", some(0.9, telex=0.4, accented=0.96), 1200, 20, 30, 1000),
        Engine("another", "", some(0.8, telex=0.6, accented=0.8), 5, 1, 2, 100),
    ]
    run.curve = [
        Trained("1/2", "", some(0.8), 1, 499, 0.5),
        Trained("1/2", "", some(0.9), 1, 501, 0.5),
        Trained("1", "", some(0.95), 2, 1000, 1),
    ]
    run.parts = [
        Trained("everything", "", some(0.95, right=(1, 1, 0, 1)), 12),
        Trained("small part", "", some(0.94, telex=0.45, right=(1, 1, 0, 1)), 11),
        Trained("great part", "", some(0.7, telex=0.1, accented=0.8, right=(1, 0, 1, 0)), 10),
        Trained("absent part", "the data have none"),
    ]
    for name, value in changed.items():
        setattr(run, name, value)
    return run


def cells(markdown_table: str, first: str) -> list[str]:
    [row] = [line for line in markdown_table.splitlines() if line.startswith(f"| {first} |") or line.startswith(f"| {first},")]
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_an_engine_is_told_with_its_weakest_style_its_loss_and_its_costs() -> None:
    assert cells(table.engines(a_run()), "a peer") == [
        "a peer, 3 epochs", "90.0 %", "telex 40.0 %", "1.0", "80.0 %", "4.0 %", "0.020", "1,200", "20", "30", "1,000"
    ]  # fmt: skip


def test_an_engine_that_could_not_run_says_why_and_is_not_compared() -> None:
    run = a_run()
    run.engines.append(Engine("NLP.js", "not measured: this machine has no node or no npm"))
    assert cells(table.engines(run), "NLP.js")[1] == "not measured: this machine has no node or no npm"
    assert "NLP.js" not in table.styles(run)


def test_ours_is_compared_with_the_best_peer_of_each_style() -> None:
    assert table.leads(a_run()) == pytest.approx({"telex": 0.3, "accented": 0.01})
    rows = table.styles(a_run()).splitlines()
    assert rows[2].startswith("| accented | 97.0 % | 96.0 % | 80.0 % | +1.0 |"), "the style with the smallest lead comes first"


def test_five_points_ahead_and_better_in_every_style_meets_the_goal() -> None:
    assert "better in every style (must met)" in table.verdict(a_run())
    assert "+5.0 points ahead of a peer (goal met)" in table.verdict(a_run())


def test_a_style_in_which_a_peer_is_as_good_stands_out() -> None:
    run = a_run()
    run.engines[2] = Engine("another", "", some(0.91, telex=0.9), 5, 1, 2, 100)
    assert "**not better in: telex**" in table.verdict(run)
    assert "+4.0 points ahead of another (the goal of 5 is not met)" in table.verdict(run)


def test_without_a_peer_there_is_no_verdict() -> None:
    assert table.verdict(a_run(engines=[])) == "No peer was measured."
    assert table.verdict(a_run(engines=a_run().engines[:1])) == "No peer was measured."


def test_draws_of_one_share_are_one_column_with_their_mean_and_both_ends() -> None:
    shown = table.curve(a_run())
    assert shown.splitlines()[0] == "| examples | 500 | 1,000 |"
    assert cells(shown, "**all**")[1:] == ["**85.0 %** (80.0–90.0)", "**95.0 %**"]
    assert cells(shown, "all, without accents")[1:] == ["84.0 %", "94.0 %"]


def test_the_part_that_costs_most_comes_first_and_sentences_count_both_ways() -> None:
    rows = table.parts(a_run()).splitlines()[2:]
    assert [row.split(" | ")[0].strip("| ") for row in rows] == [
        "(everything in its place)", "great part", "small part", "absent part"
    ]  # fmt: skip
    assert cells(table.parts(a_run()), "great part") == [
        "great part", "70.0 %", "25.0", "2 / 1", "69.0 %", "telex, 40.0", "0.020", "10"
    ]  # fmt: skip


def test_a_part_that_is_not_there_says_so() -> None:
    assert cells(table.parts(a_run()), "absent part")[1] == "not measured: the data have none"


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    run = a_run()
    run.write(tmp_path / "results.json")
    assert Run.read(tmp_path / "results.json") == run


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    for made in quoted(a_run()).values():
        counts = {line.count("|") for line in made.splitlines() if line.startswith("|")}
        assert len(counts) == 1


def test_the_report_shows_every_picture_and_admits_the_company_and_a_quick_run() -> None:
    report = markdown(a_run())
    assert all(f"({name})" in report for name in PICTURES)
    assert "other programs took 7% of the processor" in report
    assert "only show that it works" not in report
    assert "only show that it works" in markdown(a_run(quick=True))


def test_the_document_has_a_place_for_everything_that_is_quoted() -> None:
    document = (ROOT / "docs/understanding.md").read_text(encoding="utf-8")
    written = with_quotes(document, quoted(a_run()))
    assert "| great part | 70.0 % |" in written
    assert with_quotes(written, quoted(a_run())) == written, "quoting twice changes nothing"


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    document = "before\n<!-- one -->\nold\n<!-- /one -->\nafter\n"
    assert with_quotes(document, {"one": r"new \1"}) == "before\n<!-- one -->\n\nnew \\1\n\n<!-- /one -->\nafter\n"
    with pytest.raises(NoPlace, match="two"):
        with_quotes(document, {"two": ""})


def test_answers_are_scored_by_intent_and_style() -> None:
    asked = Asked([Utterance("Quên mật khẩu", "forgot", "vi", "accented", None), Utterance("hi", "greet", "en", "short", None)])
    numbers = scored(asked, {WRITTEN: [("forgot", 1.0), ("forgot", 1.0)], UNACCENTED: [("greet", 1.0), ("forgot", 1.0)]})
    assert (numbers.accuracy, numbers.loss_without_accents, numbers.right) == (0.5, 0.5, [True, False])
    assert numbers.accuracy_by_style == {"short": 0.0, "accented": 1.0}
    assert numbers.weakest == ("short", 0.0)
    assert numbers.calibration_error == 0.5


def test_a_missing_answer_is_an_error_and_not_a_better_score() -> None:
    asked = Asked([Utterance("a", "greet", None, None, None), Utterance("b", "greet", None, None, None)])
    with pytest.raises(ValueError, match="zip"):
        scored(asked, {WRITTEN: [("greet", 1.0)], UNACCENTED: [("greet", 1.0)]})


def test_sentences_are_asked_as_written_and_without_accents() -> None:
    asked = Asked([Utterance(" /Quên mật khẩu Đăng nhập ", "forgot", "vi", None, None)])
    assert asked.messages() == {WRITTEN: ["Quên mật khẩu Đăng nhập"], UNACCENTED: ["quen mat khau dang nhap"]}


def test_a_small_set_takes_as_many_of_each_intent(tmp_path: Path) -> None:
    rows = "".join(f'- {{text: "{intent} {number}", intent: {intent}}}\n' for intent in ("a", "b") for number in range(3))
    (tmp_path / "set.yml").write_text(rows)
    assert [one.text for one in Asked.read(tmp_path, of_each=2).labelled] == ["a 0", "a 1", "b 0", "b 1"]
    assert len(Asked.read(tmp_path).labelled) == 6


def test_percentiles_are_the_middle_and_the_ninety_fifth() -> None:
    assert percentiles([float(number) for number in range(101)]) == (50, 95)


@pytest.mark.parametrize(("left_s", "fits"), [(10.0, True), (9.9, False), (-5.0, False)])
def test_another_epoch_fits_when_the_last_one_would(left_s: float, fits: bool) -> None:
    assert another_fits([40.0, 10.0], left_s) is fits


def test_only_diet_gets_epochs(tmp_path: Path) -> None:
    source, target = tmp_path / "a.yml", tmp_path / "b.yml"
    source.write_text("language: vi\npipeline:\n- name: Other\n  epochs: 9\n- name: DIETClassifier\n  epochs: 100\n")
    with_epochs(source, 7, target)
    assert target.read_text() == "language: vi\npipeline:\n- name: Other\n  epochs: 9\n- name: DIETClassifier\n  epochs: 7\n"


def test_what_was_learned_is_found_again_until_examples_configuration_or_time_change(tmp_path: Path) -> None:
    config, topic = tmp_path / "config.yml", tmp_path / "data/topic"
    topic.mkdir(parents=True)
    config.write_text("pipeline: []\n")
    (topic / "nlu.yml").write_text("version: 1\n\nnlu:\n- intent: a\n")
    (topic / "rules.yml").write_text("rules: []\n")
    first = digest(tmp_path / "data", config, ["1200"])
    (topic / "rules.yml").write_text("rules: [changed]\n")
    assert digest(tmp_path / "data", config, ["1200"]) == first
    names = {first, digest(tmp_path / "data", config, ["60"])}
    (topic / "lookup.yml").write_text("version: 1\n\nnlu:\n- lookup: b\n")
    names.add(digest(tmp_path / "data", config, ["1200"]))
    config.write_text("pipeline: [more]\n")
    names.add(digest(tmp_path / "data", config, ["1200"]))
    assert len(names) == 4


def test_without_node_the_report_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines.shutil, "which", lambda name: None)
    engine = engines.nlpjs(Task(tmp_path, tmp_path, Asked([]), 0))
    assert (engine.scores, engine.said) == (None, "not measured: this machine has no node or no npm")


def test_the_lock_of_npm_pins_every_package_by_its_content_and_names_no_registry() -> None:
    locked = engines.told(ROOT / "bench/nlu/nlpjs/package-lock.json")["packages"]
    packages = {name: one for name, one in locked.items() if name}
    assert packages["node_modules/node-nlp"]["version"] == locked[""]["dependencies"]["node-nlp"]
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
    assert not any("resolved" in one for one in packages.values())
