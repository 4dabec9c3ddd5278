"""The work list in memory."""

from collections.abc import Sequence
from datetime import datetime

from runtime.memory.store import InMemoryStore
from services.routing.domain.assignment.assignment import WAITING, Assignment, AssignmentState
from services.routing.ports import AssignmentScope, Census, FiledAssignment


class InMemoryAssignments:
    """The assignments of an in-memory store."""

    def __init__(self, store: InMemoryStore[Assignment]) -> None:
        self._store = store

    async def find(self, numbers: Sequence[str], reach: AssignmentScope) -> tuple[FiledAssignment, ...]:
        wanted = frozenset(numbers)
        return tuple(
            filed for filed in self._all() if filed.assignment.number in wanted and reach.allows(filed.assignment)
        )

    async def waiting(
        self, reach: AssignmentScope, states: Sequence[AssignmentState], at_most: int
    ) -> tuple[FiledAssignment, ...]:
        mine = [filed for filed in self._all() if filed.assignment.state in states and reach.allows(filed.assignment)]
        return tuple(sorted(mine, key=_urgent_then_oldest)[:at_most])

    async def census(self) -> Census:
        waiting = [filed.assignment for filed in self._all() if filed.assignment.state in WAITING]
        by_state = {state: sum(each.state is state for each in waiting) for state in WAITING}
        return Census(by_state, sum(each.returns > 0 for each in waiting))

    def _all(self) -> list[FiledAssignment]:
        records = self._store.records.items()
        return [FiledAssignment(ticket, record.document) for ticket, record in records if record.document is not None]


def _urgent_then_oldest(filed: FiledAssignment) -> tuple[bool, datetime, str]:
    return (not filed.assignment.urgent, filed.assignment.registered_at, filed.ticket)
