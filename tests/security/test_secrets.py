"""Every program holds the secrets it needs and no other: what is taken from one opens nothing of the next."""

from pathlib import Path

import pytest

from tests.programs import Programs

PROVIDERS = {"MESSENGER_APP_SECRET", "MESSENGER_VERIFY_TOKEN", "MESSENGER_PAGE_TOKEN", "ZALO_APP_SECRET", "ZALO_OA_SECRET"}


@pytest.mark.parametrize("program", ["rasa", "actions", "backend"])
def test_a_crash_leaves_no_core_file(programs: Programs, program: str) -> None:
    """It would hold the memory of the process, and everything in it."""
    limits = Path(f"/proc/{programs.pid(program)}/limits")
    if not limits.exists():
        pytest.skip("this system has no /proc")
    (line,) = [line for line in limits.read_text().splitlines() if line.startswith("Max core file size")]
    assert line.split()[4:6] == ["0", "0"]


@pytest.mark.parametrize(
    ("program", "held", "kept_from_it"),
    [
        ("rasa", {"CHANNEL_CREDENTIAL"} | PROVIDERS, {"BACKEND_KEY", "SERVICE_CREDENTIAL"}),
        ("actions", {"SERVICE_CREDENTIAL"}, {"BACKEND_KEY", "CHANNEL_CREDENTIAL"} | PROVIDERS),
        ("backend", {"BACKEND_KEY", "SERVICE_CREDENTIAL", "CHANNEL_CREDENTIAL"}, PROVIDERS),
    ],
)
def test_a_program_has_no_secret_of_another(programs: Programs, program: str, held: set[str], kept_from_it: set[str]) -> None:
    """Read from the running process itself."""
    environment = Path(f"/proc/{programs.pid(program)}/environ")
    if not environment.exists():
        pytest.skip("this system has no /proc")
    names = {entry.partition("=")[0] for entry in environment.read_text().split("\0")}
    assert held <= names
    assert not kept_from_it & names
