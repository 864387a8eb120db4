"""Tasks and channels that a setting closes (maintenance, an outage, an attack)."""

from backend.assertion import Sender
from backend.core import Core
from backend.errors import Closed
from backend.tasks.task import Task


def refuse(core: Core, task: Task, sender: Sender) -> None:
    """Raise Closed when the task or the channel is closed."""
    if {task.name, sender.channel} & core.settings.closed_names():
        raise Closed()
