"""The benchmark's arithmetic: factors, verdicts, the table and what the report admits."""

import json
import platform
import socket
from pathlib import Path

import pytest

from bench.assistant.form_turn import FormTurns
from bench.assistant.load import Batch
from bench.assistant.long_conversation import LongConversation, Window
from bench.assistant.measured import Round, Run
from bench.assistant.report import markdown, table
from bench.assistant.soak import Soak
from bench.assistant.table import Row, rows
from bench.company import Company, busy_s
from bench.machine import description
from bench.picture import ROOT
from bench.process import TICKS_A_SECOND, ticks
from bench.verdict import Demand, Spread, factors, number

MACHINE = {
    "date": "2030-01-02", "commit": "abc1234", "processor": "A processor", "cores": 2, "memory_gb": 8, "system": "Linux x86_64",
    "python_rasa": "3.10.1", "python_others": "3.12.1", "others_share": 0.07,
}  # fmt: skip


def side(ready_s: float, rss_mb: float, plain_ms: float, per_second: float, form_ms: float | None = None) -> Round:
    form = FormTurns([form_ms], [form_ms], [form_ms]) if form_ms else None
    return Round(ready_s, rss_mb, [plain_ms], [Batch(per_second, per_second, 1, 1)], form)


def a_run(**changed: object) -> Run:
    run = Run(MACHINE, {"1": [30.0], "": [40.0]})
    run.ours = [side(5, 300, 10, 60, 20), side(10, 300, 20, 60, 40)]
    run.stock = [side(20, 600, 30, 20), side(20, 600, 90, 10)]
    run.long = {
        "ours": LongConversation([10.0] * 1011, {200: Window([11.0], [10.0]), 1000: Window([20.0], [10.0])}),
        "stock": LongConversation([10.0] * 300, {200: Window([100.0], [10.0])}),
    }
    run.soak = Soak([100, 5000], [300.0, 330.0])
    for name, value in changed.items():
        setattr(run, name, value)
    return run


def the_row(run: Run, begins: str) -> Row:
    [found] = [row for row in rows(run) if row.measure.startswith(begins)]
    return found


@pytest.mark.parametrize(
    ("demand", "factor", "grade"),
    [
        (Demand(3, 6, more_is_better=True), 6.0, "goal met"),
        (Demand(3, 6, more_is_better=True), 5.9, "must met"),
        (Demand(3, 6, more_is_better=True), 3.0, "must met"),
        (Demand(3, 6, more_is_better=True), 2.9, "MISSED"),
        (Demand(0.6, 0.45), 0.45, "goal met"),
        (Demand(0.6, 0.45), 0.6, "must met"),
        (Demand(0.6, 0.45), 0.61, "MISSED"),
        (Demand(1.0), 0.1, "must met"),
        (Demand(1.0), 1.1, "MISSED"),
        (Demand(1.0), None, "not measured"),
    ],
)
def test_a_factor_is_graded_by_its_bounds(demand: Demand, factor: float | None, grade: str) -> None:
    assert demand.grade(factor) == grade


def test_factors_compare_rounds_and_not_the_whole() -> None:
    assert factors([1, 10], [2, 5]) == [0.5, 2]


def test_rounds_that_only_one_side_ran_are_not_compared() -> None:
    with pytest.raises(ValueError, match="zip"):
        factors([1, 2], [1])


def test_a_spread_is_the_middle_with_both_ends() -> None:
    assert Spread.of([9, 1, 2]) == Spread(2, 1, 9)
    assert Spread.of([]) is None


def test_the_rate_is_ours_divided_by_stocks() -> None:
    row = the_row(a_run(), "messages a second, 32")
    assert row.factor == Spread(4.5, 3, 6)
    assert row.grade == "must met"


def test_the_form_turn_is_measured_against_stocks_plain_turn() -> None:
    row = the_row(a_run(), "p50 of a form turn")
    assert row.stock == Spread(60, 30, 90)
    assert row.factor == Spread.of([20 / 30, 40 / 90])
    assert row.grade == "must met"


def test_a_plain_turn_is_measured_by_its_median() -> None:
    run = a_run()
    run.ours[0].plain_ms = run.ours[1].plain_ms = [1, 2, 300]
    assert the_row(run, "p50 of a plain turn").ours == Spread(2, 2, 2)


def test_a_long_conversation_is_judged_by_our_own_beginning() -> None:
    row = the_row(a_run(), "p50 at turn 200")
    assert row.factor == Spread.of([11 / 10])
    assert row.stock == Spread.of([10.0])
    assert row.grade == "goal met"
    assert the_row(a_run(), "p50 at turn 1,000").grade == "MISSED"


def test_a_turn_that_was_not_reached_is_not_measured() -> None:
    run = a_run(long={"ours": LongConversation([1.0] * 50), "stock": LongConversation()})
    assert the_row(run, "p50 at turn 200").grade == "not measured"
    assert "given up at turn 50" in markdown(run)


def test_growth_compares_the_end_with_the_first_hundred() -> None:
    row = the_row(a_run(), "memory after 5,000")
    assert row.factor == Spread.of([1.1])
    assert row.grade == "must met"


def test_the_report_admits_a_short_watch_over_memory() -> None:
    assert "--soak 50000" in markdown(a_run())
    assert "--soak 50000" not in markdown(a_run(soak=Soak([100, 50_000], [300.0, 300.0])))


def test_a_missed_demand_stands_out() -> None:
    line = Row("waiting", "s", Spread(2, 1, 3), Spread(1, 1, 1), Spread(2, 2, 2), Demand(0.5))
    assert table([line]).splitlines()[-1] == "| waiting | s | 2 (1–3) | 1 | 2 | ≤ 0.5 |  | **MISSED** |"


def test_a_number_without_demand_has_no_verdict() -> None:
    assert table([Row("waiting", "s", Spread(2, 2, 2), None, None)]).splitlines()[-1] == "| waiting | s | 2 | – | – |  |  |  |"


def test_numbers_are_as_short_as_they_can_be() -> None:
    assert number(Spread(1234.5, 1234.5, 1234.5)) == "1,234"
    assert number(Spread(1.23456, 0.5, 20.04)) == "1.23 (0.5–20)"


def test_raw_numbers_are_written_down(tmp_path: Path) -> None:
    a_run().write(tmp_path / "results.json")
    written = json.loads((tmp_path / "results.json").read_text())
    assert written["ours"][0]["batches"][0]["per_second"] == 60
    assert written["long"]["ours"]["windows"]["200"]["late"] == [11.0]


def test_the_machine_is_described_but_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((platform, "node"), (socket, "gethostname"), (socket, "getfqdn")):
        monkeypatch.setattr(module, name, lambda: "name-of-the-machine")
    told = description()
    assert told["cores"] >= 1
    assert str(ROOT) not in json.dumps(told)
    assert "name-of-the-machine" not in json.dumps(told)


def test_processor_time_is_read_behind_any_process_name() -> None:
    assert ticks("7 (a) b (c) S " + " ".join(str(field) for field in range(4, 30))) == 14 + 15


def test_waiting_for_the_disk_is_not_work() -> None:
    assert busy_s("cpu  100 20 30 5000 600 1 2 3 99 99\ncpu0 7 7 7 7") * TICKS_A_SECOND == 100 + 20 + 30 + 1 + 2 + 3


def test_company_is_a_share_of_the_machine() -> None:
    assert 0 <= Company().share() <= 1
