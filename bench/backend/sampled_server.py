"""The backend's server with somebody who looks every few milliseconds what its threads are doing.

`python -m bench.backend.sampled_server <file>` is `python -m backend run --no-worker`; at its end the counts are in the file.
"""

import json
import sys
import threading
from collections import Counter
from pathlib import Path
from types import FrameType

EVERY_S = 0.003
WAITING = ("_turn", "wait", "select", "get", "poll", "accept", "_recv_msg", "run_loop_idle")
GROUPS = (
    ("SQLite: statements and commits in C", ("sqlalchemy/engine/default.py:do_", "sqlalchemy/engine/cursor.py:fetch")),
    ("SQLAlchemy around them", ("sqlalchemy/",)),
    (
        "signatures, MACs, sealing",
        ("backend/keys.py", "backend/signature.py", "assertion.py", "/hmac.py", "cryptography/"),
    ),
    ("JSON and models", ("pydantic", "json/")),
    ("our code", ("/backend/",)),
    ("FastAPI and Starlette", ("fastapi/", "starlette/")),
    ("threads handing over", ("anyio/", "concurrent/", "threading.py", "queue.py")),
    ("HTTP server and event loop", ("uvicorn/", "asyncio/", "h11/", "httptools", "selectors.py")),
)


def group_of(frame: FrameType | None) -> str:
    """What a thread works for: the innermost frame that belongs to somebody."""
    while frame is not None:
        place = f"{frame.f_code.co_filename}:{frame.f_code.co_name}"
        for name, marks in GROUPS:
            if any(mark in place for mark in marks):
                return name
        frame = frame.f_back
    return "the rest"


def is_waiting(frame: FrameType) -> bool:
    """Whether the thread has nothing to do."""
    return frame.f_code.co_name in WAITING or frame.f_code.co_filename.endswith("bench/backend/sampled_server.py")


def watch(counts: Counter[str], stop: threading.Event) -> None:
    """Count what the threads do until told to stop."""
    while not stop.wait(EVERY_S):
        for frame in sys._current_frames().values():
            if not is_waiting(frame):
                counts[group_of(frame)] += 1


def main(file: Path) -> int:
    """Serve until SIGTERM, then write the counts."""
    from backend.__main__ import main as backend

    counts: Counter[str] = Counter()
    stop = threading.Event()
    watching = threading.Thread(target=watch, args=(counts, stop), daemon=True)
    watching.start()
    try:
        return backend(["run", "--no-worker"])
    finally:
        stop.set()
        watching.join()
        file.write_text(json.dumps(dict(counts)))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
