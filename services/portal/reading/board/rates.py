"""Live rates: a bounded ring of counts by county over the last minute of wall time. Can be lost and counted anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.portal.reading.board.board import Rate

SLOT = 5  # seconds of one bar
SLOTS = 12  # bars kept: one minute
COUNTIES = 4_000  # counties counted; China has some 2,850
TICKETS = 150_000  # tickets whose county is remembered: a province has some 130,000 open ones; 30 MB

KINDS: Mapping[str, str] = {
    "TicketRegistered": "registered",
    "TicketAssigned": "moved",
    "TicketAccepted": "moved",
    "TicketReturned": "moved",
    "TicketCompleted": "moved",
    "ReworkOrdered": "moved",
    "TicketStruckOff": "struck_off",
}
"""Fact → what it is counted as. Not all carry the registration number, and with it the county of their door."""


@dataclass(slots=True)
class _Bar:
    slot: int = -1
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class RateWindow:
    """The last minute. Memory is bounded by counties times bars, and by the tickets remembered, whatever is put in."""

    rings: dict[str, list[_Bar]] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)

    def home(self, ticket: str, told: str) -> str:
        """The county of a ticket: as the fact tells it, else as one before it did; "" when none did."""
        county = told or self.homes.get(ticket, "")
        if county and ticket:
            self.homes.pop(ticket, None)
            self.homes[ticket] = county  # the newest last
            if len(self.homes) > TICKETS:
                del self.homes[next(iter(self.homes))]
        return county

    def count(self, county: str, kind: str, at: datetime) -> None:
        """One more of ``kind`` in ``county``; what is older than the ring is dropped."""
        if county not in self.rings and len(self.rings) >= COUNTIES:
            return
        ring = self.rings.setdefault(county, [_Bar() for _ in range(SLOTS)])
        slot = int(at.timestamp()) // SLOT
        bar = ring[slot % SLOTS]
        if bar.slot < slot:
            bar.slot, bar.counts = slot, {}
        if bar.slot == slot:
            bar.counts[kind] = bar.counts.get(kind, 0) + 1

    def rates(self, now: datetime) -> tuple[Rate, ...]:
        """The rates of the minute that ends at ``now``, busiest county first; silent counties are left out."""
        newest = int(now.timestamp()) // SLOT
        found = [_rate(county, ring, newest) for county, ring in self.rings.items()]
        return tuple(
            sorted((rate for rate in found if sum(rate.series)), key=lambda rate: (-sum(rate.series), rate.county))
        )


def _rate(county: str, ring: list[_Bar], newest: int) -> Rate:
    bars = {bar.slot: bar.counts for bar in ring}
    recent = [bars.get(slot, {}) for slot in range(newest - SLOTS + 1, newest + 1)]

    def total(kind: str) -> int:
        return sum(counts.get(kind, 0) for counts in recent)

    series = tuple(sum(counts.values()) for counts in recent)
    return Rate(
        county=county,
        registered=total("registered"),
        moved=total("moved"),
        struck_off=total("struck_off"),
        series=series,
    )
