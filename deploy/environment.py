"""The environment the three programs share, completed from `.env` and from demo mode's defaults."""

import os
from collections.abc import Mapping

DEMO_SECRETS = {
    "BACKEND_KEY": "demo-backend-key-0123456789abcdef0123",
    "SERVICE_CREDENTIAL": "demo-service-credential-0123456789ab",
    "CHANNEL_CREDENTIAL": "demo-channel-credential-0123456789ab",
}


def complete(given: Mapping[str, str]) -> dict[str, str]:
    """Return `given` with a value for everything the Procfile and the configuration files refer to.

    Demo mode (`DEMO`, on unless it is set) fills in its well-known secrets; outside it the programs refuse to
    start without real ones.
    """
    environment = dict(given)
    defaults = {
        "DEMO": "1",
        "PORT": "5005",
        "ACTIONS_PORT": "5055",
        "BACKEND_PORT": "8000",
        "VAR": "var",
        "MODEL": "models/assistant.tar.gz",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "OMP_NUM_THREADS": "1",
        "ACTION_DEADLINE_S": "5",
        "PYTHONUNBUFFERED": "1",
    }
    for name, value in defaults.items():
        environment.setdefault(name, value)
    environment.setdefault("BACKEND_URL", f"http://127.0.0.1:{environment['BACKEND_PORT']}")
    if environment["DEMO"] == "1":
        for name, value in DEMO_SECRETS.items():
            environment.setdefault(name, value)
    environment["VAR"] = os.path.abspath(environment["VAR"])
    return environment
