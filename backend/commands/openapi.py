"""`openapi`: the API as a document."""

import json
import sys

from backend.settings import Settings


def openapi() -> None:
    """Print the API's description; needs no database and no setting."""
    sys.stdout.write(document())


def document() -> str:
    """The description as text, the same on every machine."""
    from backend import app as application

    settings = Settings.model_construct(**{name: field.default for name, field in Settings.model_fields.items()}).model_copy(
        update={"database_url": "sqlite:///unused.db", "smtp_url": "smtp://127.0.0.1", "backend_key": "-"}
    )
    app = application.create_app(application.build_core(settings), threads=False)
    return json.dumps(app.openapi(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
