"""Demo mode: an outbox page, invented people, a clock that moves, faults on request. Absent outside DEMO=1."""

from backend.demo.demonstration import Demonstration

__all__ = ["Demonstration"]
