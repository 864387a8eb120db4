"""No room for another byte, really: a small file system of its own for a program, or a limit on the size of its files."""

import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from tests.failures.outages import comes_back, ends_well_whatever_is_heard, is_told_and_goes_on, slow_but
from tests.failures.person import EMAIL, MOMENTS, OTP, START, Moment, Person
from tests.programs import Programs

Somebody = Callable[..., Person]
SIZE = "16m"
"""Room for two databases whose write-ahead logs SQLite empties at 4 MB each: these disks are filled by the tests alone."""
MOUNTED = ["unshare", "-Urm", "sh", "-c", f'mount -t tmpfs -o size={SIZE} tmpfs "$VAR" && exec "$@"', "sh"]
"""Runs a command with an empty file system at $VAR that only it and its children see; needs no privilege."""


@contextmanager
def files_may_not_grow(programs: Programs, name: str) -> Iterator[None]:
    """Let a running program write nothing more (EFBIG), its log included."""
    pid = programs.pid(name)
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def full(programs: Programs, name: str) -> Iterator[None]:
    """Fill the program's own file system to the last byte (ENOSPC)."""
    folder = Path(f"/proc/{programs.pid(name)}/root") / programs.environment_of(name)["VAR"].lstrip("/")
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            while True:
                try:
                    if file.write(b"x" * size) < size:
                        break
                except OSError:
                    break
    assert shutil.disk_usage(folder).free == 0
    try:
        yield
    finally:
        filler.unlink()


def is_refused_and_goes_on(person: Person, moment: Moment) -> Callable[[], None]:
    """Have a message refused with 503 and Retry-After; return what checks the rest when there is room again."""
    answer = person.chat.post(text=person.filled_in(moment.says))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0

    def goes_on() -> None:
        assert person.has("password_reset") == 0
        heard = comes_back(person, moment)
        assert moment is START or heard[-1] == moment.asked
        ends_well_whatever_is_heard(person, heard)

    return goes_on


@pytest.mark.parametrize("moment", slow_but(MOMENTS, EMAIL), ids=str)
def test_a_backend_that_can_write_nothing_says_so(programs: Programs, somebody: Somebody, moment: Moment) -> None:
    is_told_and_goes_on(somebody(moment.lang), moment, files_may_not_grow(programs, "backend"))


@pytest.mark.parametrize("moment", slow_but(MOMENTS, OTP), ids=str)
def test_a_chat_that_can_write_nothing_refuses_the_message(programs: Programs, somebody: Somebody, moment: Moment) -> None:
    person = somebody(moment.lang)
    person.comes_to(moment)
    with files_may_not_grow(programs, "rasa"):
        goes_on = is_refused_and_goes_on(person, moment)
    goes_on()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    """Programs of which backend and Rasa have a file system of their own, so small that it can be filled."""
    var = tmp_path_factory.mktemp("small")
    own = {name: {"VAR": str(var / name)} for name in ("backend", "rasa")}
    for name in own:
        (var / name).mkdir()
    tried = subprocess.run(
        [*MOUNTED, "true"], env={"VAR": str(var / "rasa"), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}, check=False
    )
    if tried.returncode != 0:
        pytest.skip("this machine lets nobody mount a file system in a namespace of their own")
    with Programs(var, own=own, wrapped=dict.fromkeys(own, MOUNTED)) as running:
        running.start()
        yield running


@pytest.fixture
def somebody_there(small: Programs) -> Iterator[Somebody]:
    """People at the chat page of those programs."""
    with ExitStack() as people:
        yield lambda lang: people.enter_context(closing(Person(small, lang)))


@pytest.mark.prove
@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_backend_on_a_full_disk_says_so(small: Programs, somebody_there: Somebody, moment: Moment) -> None:
    is_told_and_goes_on(somebody_there(moment.lang), moment, full(small, "backend"))


@pytest.mark.prove
@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_chat_on_a_full_disk_refuses_the_message(small: Programs, somebody_there: Somebody, moment: Moment) -> None:
    person = somebody_there(moment.lang)
    person.comes_to(moment)
    with full(small, "rasa"):
        goes_on = is_refused_and_goes_on(person, moment)
    goes_on()
