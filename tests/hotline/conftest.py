"""Calls to the real hotline, and at the end of the tests how long they were."""

from collections.abc import Callable, Iterator

import pytest

from tests.hotline.turns import Caller
from tests.programs import Programs

CALLS = "calls to the hotline"


@pytest.fixture
def calling(programs: Programs) -> Iterator[Callable[[str], Caller]]:
    """Calls the hotline from a number."""
    callers: list[Caller] = []

    def called(number: str) -> Caller:
        callers.append(Caller(programs, number))
        return callers[-1]

    yield called
    for one in callers:
        one.hang_up()
        one.close()


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Puts a line about calls into the report at the end of the tests."""
    return lambda line: record_property(CALLS, line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show how long calls are and what they cost: that is what callers pay for."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    lines = [str(line) for report in reports for name, line in report.user_properties if name == CALLS]
    if lines:
        terminalreporter.section(CALLS)
        for line in sorted(lines):
            terminalreporter.line(line)
