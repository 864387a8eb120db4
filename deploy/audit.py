"""`make audit`: known vulnerabilities in both locks, by pip-audit.

A control comes first: a release with published advisories must be reported. Where it is not, the advisory service
cannot be reached, and saying "no known vulnerabilities" would be a lie: the answer is NOT AUDITED.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LOCKS = ("rasa.txt", "app.txt")
CONTROL = "pip==23.0"
"""An old pip with published advisories."""
WITHIN_S = 300


def exceptions() -> list[str]:
    """Return the identifiers of the exception list."""
    lines = (HERE / "audit_exceptions.txt").read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]


def audit(requirements: Path, *options: str) -> list[dict[str, Any]]:
    """Return what pip-audit says of each package: `name`, `version` and `vulns`, or a `skip_reason`."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "-r",
        str(requirements),
        "--disable-pip",
        "-f",
        "json",
        "--progress-spinner",
        "off",
    ]
    ignored = [part for identifier in exceptions() for part in ("--ignore-vuln", identifier)]
    try:
        done = subprocess.run([*command, *options, *ignored], capture_output=True, text=True, timeout=WITHIN_S, check=False)
        return list(json.loads(done.stdout)["dependencies"])
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
        return []


def service_answers() -> bool:
    """Tell whether the control is reported."""
    with tempfile.TemporaryDirectory() as folder:
        control = Path(folder) / "control.txt"
        control.write_text(CONTROL + "\n", encoding="utf-8")
        return any(package.get("vulns") for package in audit(control, "--no-deps"))


def main() -> int:
    """Print the result; return 1 when something is vulnerable, or when nothing was audited although it could be."""
    if not service_answers():
        print("NOT AUDITED: the advisory service cannot be reached from here")
        return 0
    failed = False
    for lock in LOCKS:
        packages = audit(HERE.parent / "requirements" / lock, "--require-hashes")
        audited = [package for package in packages if "skip_reason" not in package]
        found = [(package["name"], package["version"], one["id"]) for package in audited for one in package["vulns"]]
        print(f"{lock}: {len(audited)} packages audited, {len(found)} vulnerabilities without an exception")
        for name, version, identifier in found:
            print(f"  {name} {version}: {identifier}")
        failed = failed or bool(found) or not audited
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
