"""Debian's packages that a real call needs. Tests skip without them; continuous integration has to have them."""

import os
import shutil
import socket

import pytest

PACKAGES = {"sipp": "sip-tester", "espeak-ng": "espeak-ng"}


def need(*programs: str) -> None:
    """Skip the test, or fail it where the environment says CI, naming the packages of the programs that are missing."""
    missing = [program for program in programs or PACKAGES if not shutil.which(program)]
    if not missing:
        return
    reason = f"no {' and no '.join(missing)}; install {' '.join(PACKAGES[program] for program in missing)}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def need_raw_sockets() -> None:
    """Skip the test where SIPp itself cannot play keys: it writes whole IP packets, which takes root or CAP_NET_RAW."""
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP).close()
    except PermissionError:
        pytest.skip("no right to open raw sockets, by which SIPp plays keys; run it as root")
