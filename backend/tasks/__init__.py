"""The tasks a draft can be opened for, a file each."""

from backend.assertion import Sender
from backend.errors import NotFound
from backend.tasks.add_email import AddEmail
from backend.tasks.application_status import ApplicationStatus
from backend.tasks.change_info import ChangeInfo
from backend.tasks.code_search import CodeSearch
from backend.tasks.complaint import Complaint
from backend.tasks.forgot_password import ForgotPassword
from backend.tasks.hotline_password import HotlinePassword
from backend.tasks.register_account import RegisterAccount
from backend.tasks.task import Task

TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        AddEmail(),
        ApplicationStatus(),
        ChangeInfo(),
        CodeSearch(),
        Complaint(),
        ForgotPassword(),
        HotlinePassword(),
        RegisterAccount(),
    )
}


def task_named(name: str, sender: Sender) -> Task:
    """The task, where that sender's channel may open it; raises NotFound."""
    task = TASKS.get(name)
    if task is None or (task.channels is not None and sender.channel not in task.channels):
        raise NotFound()
    return task
