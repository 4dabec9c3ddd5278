"""Today's configuration, and the same with a candidate in its place, behind the ports; each as of one instant."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from contracts.messages.ladders import LadderPublished
from contracts.messages.sla import CalendarPublished
from contracts.messages.standards import StandardPublished
from contracts.values import HandlingStandard
from services.sla.adapters.packaged import KEPT_AT_MOST
from services.sla.adapters.published import PublishedCalendars, holds_in, rungs_in_force
from services.sla.domain.applied import AppliedVersion
from services.sla.domain.calendar import Calendar
from services.sla.domain.rungs import Rung
from services.sla.ports import AppliedStandards


class CalendarsAsOf:
    """The published calendars with these publications over them. What was made once stands."""

    def __init__(self, published: PublishedCalendars, more: Sequence[CalendarPublished] = ()) -> None:
        self._published, self._more = published, more
        self._made: dict[str, Calendar] = {}

    def current(self, division: str) -> Calendar:
        """Made once for each division."""
        if (known := self._made.get(division)) is not None:
            return known
        made = self._published.with_more(division, [each for each in self._more if holds_in(division, each)])
        if len(self._made) < KEPT_AT_MOST:
            self._made[division] = made
        return made

    def edition(self, version: str) -> Calendar | None:
        """An earlier one, by its name, as it was published."""
        return self._published.edition(version)


class LaddersAsOf:
    """The ladders that hold at one instant, held to hold at any; of these divisions the candidate's."""

    def __init__(
        self, published: Sequence[LadderPublished], at: datetime, more: Sequence[LadderPublished] = ()
    ) -> None:
        replaced = {each.division for each in more}
        begun = [each.model_copy(update={"valid_from": at}) for each in more]
        self._ladders = (*(each for each in published if each.division not in replaced), *begun)
        self._at = at

    def rungs(self, division: str, at: datetime) -> Sequence[Rung]:
        """Those of the one instant, whenever they are asked for."""
        return rungs_in_force(self._ladders, division, self._at)


class PromisesAsOf:
    """What is promised under each code at one instant; a candidate's newest version stands over what is published."""

    def __init__(
        self, published: Iterable[StandardPublished], at: datetime, more: Iterable[StandardPublished] = ()
    ) -> None:
        begun = (each for each in published if each.standard.valid_from <= at)
        self._by_code = _newest(begun) | _newest(more)

    def promise(self, promised: HandlingStandard) -> HandlingStandard:
        """What is promised now in place of what was; the same where the code is not in the catalogue any more."""
        return self._by_code.get(promised.code, promised)


class AppliedBeside:
    """What was ordered for clocks that run; of a standard that the candidate has nothing: it holds from the first."""

    def __init__(self, applied: AppliedStandards, more: Iterable[StandardPublished] = ()) -> None:
        self._applied, self._replaced = applied, {each.standard.code for each in more}

    def orders(self) -> Sequence[AppliedVersion]:
        """Those that still mean something."""
        return [each for each in self._applied.orders() if each.code not in self._replaced]


def _newest(published: Iterable[StandardPublished]) -> dict[str, HandlingStandard]:
    ordered = sorted((each.standard for each in published), key=lambda each: (each.code, each.version))
    return {each.code: each for each in ordered}
