from runtime.memory.store import InMemoryStore
from services.feedback.domain import finding
from services.feedback.domain.affair import Affair
from services.feedback.domain.case import Case
from services.feedback.domain.plan.class_plans import ClassPlan
from services.feedback.ports import CaseScope, FailedCheck, FiledCase, failed_of


class InMemoryCases:
    """The cases of an in-memory store."""

    def __init__(self, store: InMemoryStore[Case]) -> None:
        self._store = store

    async def find(self, number: str, reach: CaseScope) -> FiledCase | None:
        """The one with the number."""
        return next((filed for filed in self._within(reach) if filed.case.number == number), None)

    async def to_call(self, reach: CaseScope, at_most: int, *, unreached: bool = False) -> tuple[FiledCase, ...]:
        """Those that wait for a call, or those whose filer nobody reached."""
        silent = [
            filed
            for filed in self._within(reach)
            if (filed.case.is_silent and filed.case.is_unreached if unreached else filed.case.waits_for_call)
        ]
        return tuple(silent[:at_most])

    async def to_check(self, reach: CaseScope, at_most: int) -> tuple[FiledCase, ...]:
        """Those with an open check."""
        return tuple([filed for filed in self._within(reach) if filed.case.open_checks][:at_most])

    async def failed_checks(self, draw: str, reach: CaseScope, at_most: int) -> tuple[FailedCheck, ...]:
        """What failed in a draw."""
        failed = [each for filed in self._within(reach) for each in failed_of(filed.case, draw)]
        return tuple(failed[:at_most])

    async def to_review(self, seats: frozenset[str], reach: CaseScope, at_most: int) -> tuple[FiledCase, ...]:
        """Those that wait for one of the seats."""
        waiting = [filed for filed in self._within(reach) if seats & set(filed.case.open_to)]
        return tuple(sorted(waiting, key=lambda filed: (str(filed.case.open_since), filed.ticket))[:at_most])

    async def to_confirm(self, seats: frozenset[str], reach: CaseScope, at_most: int) -> tuple[FiledCase, ...]:
        """Those whose own finding waits for one of the seats."""
        waiting = [filed for filed in self._within(reach) if finding.waits_for(filed.case, seats)]
        return tuple(sorted(waiting, key=lambda filed: (str(filed.case.found_at), filed.ticket))[:at_most])

    def _within(self, reach: CaseScope) -> list[FiledCase]:
        records = sorted(self._store.records.items())
        cases = [(ticket, record.document) for ticket, record in records]
        return [FiledCase(ticket, case) for ticket, case in cases if case is not None and reach.allows(case)]


class InMemoryClassPlans:
    """The class plans of an in-memory store."""

    def __init__(self, store: InMemoryStore[Affair]) -> None:
        self._store = store

    async def find(self, key: str, reach: CaseScope) -> ClassPlan | None:
        """The one under the key."""
        return next((plan for known, plan in self._within(reach) if known == key), None)

    async def within(
        self, reach: CaseScope, at_most: int, seats: frozenset[str] | None = None
    ) -> tuple[ClassPlan, ...]:
        """All, or those that wait for one of the seats."""
        found = [plan for _, plan in self._within(reach) if seats is None or plan.open_to in seats]
        return tuple(found[:at_most])

    def _within(self, reach: CaseScope) -> list[tuple[str, ClassPlan]]:
        known = ((key, record.document) for key, record in sorted(self._store.records.items()))
        return [(key, plan) for key, plan in known if isinstance(plan, ClassPlan) and reach.allows(plan)]
