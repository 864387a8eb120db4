"""Starts Rasa without TensorFlow, which `config.yml` does not use.

Rasa 3.6 imports TensorFlow at start whatever the pipeline names: 350 MB and two seconds for base classes of components
that nobody asked for. There is no setting for it, so this is our one patch of Rasa: modules of TensorFlow are answered
with stand-ins that can be imported and subclassed and do nothing else. A component that needs the real one fails with
`TensorFlowNotLoaded` when the model is loaded; start it with plain `rasa` then.
"""

import importlib.abc
import importlib.machinery
import sys
from types import ModuleType
from typing import Any, Optional, Sequence

ABSENT = ("tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras")


class TensorFlowNotLoaded(RuntimeError):
    """A part of Rasa that needs TensorFlow was used in a process that left it out."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} was used, but TensorFlow is left out here; start with `rasa` instead of `python -m assistant`")


class _StandIn(type):
    """A class for every name of TensorFlow: subclasses may be defined, nothing may be made or called."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _StandIn(name, (), {"__module__": f"{cls.__module__}.{cls.__name__}"})

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        raise TensorFlowNotLoaded(f"{cls.__module__}.{cls.__name__}")


class _StandInModule(ModuleType):
    __path__: Sequence[str] = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _StandIn(name, (), {"__module__": self.__name__})


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Optional[importlib.machinery.ModuleSpec]:
        if fullname.partition(".")[0] not in ABSENT:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""


def leave_out_tensorflow() -> None:
    """Answer every later import of TensorFlow with a stand-in; calling it again changes nothing.

    Raises:
        RuntimeError: TensorFlow is loaded already, so it is too late.
    """
    if "tensorflow" in sys.modules and not isinstance(sys.modules["tensorflow"], _StandInModule):
        raise RuntimeError("TensorFlow is loaded already; leave it out before the first import of Rasa")
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
