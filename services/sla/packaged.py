"""The calendar and the standards that come with the product: the seed of what is published as configuration."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files

import orjson

from contracts.facts import CalendarPublished, HandlingStandard
from services.sla.domain.calendar import Calendar


@cache
def calendar() -> Calendar:
    """Days off and make-up workdays of the announced years."""
    plain = orjson.loads(files("services.sla").joinpath("data/calendar.json").read_bytes())
    years = plain["years"].values()
    return Calendar(
        version=plain["version"],
        years=frozenset(map(int, plain["years"])),
        days_off={date.fromisoformat(on): name for year in years for on, name in year["names"].items()},
        workdays={date.fromisoformat(on): name for year in years for on, name in year["workdays"].items()},
    )


@cache
def standards() -> tuple[HandlingStandard, ...]:
    """The demonstration county's catalogue."""
    plain = orjson.loads(files("services.sla").joinpath("data/standards.json").read_bytes())
    return tuple(HandlingStandard.model_validate(row) for row in plain)


def published_years() -> Sequence[CalendarPublished]:
    """The calendar as it is published, year by year."""
    known = calendar()
    return [
        CalendarPublished(
            code="cn",
            year=year,
            version=known.version,
            provisional=False,
            days_off=tuple(sorted(on.isoformat() for on in known.days_off if on.year == year)),
            workdays=tuple(sorted(on.isoformat() for on in known.workdays if on.year == year)),
        )
        for year in sorted(known.years)
    ]


class PackagedCalendars:
    """The port, from the packaged data."""

    def current(self) -> Calendar:
        """The packaged calendar."""
        return calendar()


class PackagedCatalogue:
    """The port, from the packaged data."""

    def all(self) -> Sequence[HandlingStandard]:
        """The packaged standards."""
        return standards()
