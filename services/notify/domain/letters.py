"""Letters: what a provider gets. One or more deliveries of a ticket to one person, in one text, under one reference."""

import hashlib
from collections.abc import Iterable, Sequence

from services.notify.domain.deliveries import Delivery

Joins = Sequence[tuple[str, ...]]
"""Kinds that there is one text for, told together; those that come first go before the others."""


def letter_of(entries: Sequence[str]) -> str:
    """The reference of a letter with these entries of the journal: of one alone its own, of more a hash of all."""
    if len(entries) == 1:
        return entries[0]
    joined = "".join(f"{len(each)}:{each}" for each in sorted(entries))
    return hashlib.sha256(joined.encode()).hexdigest()[:24]


def formed(deliveries: Iterable[Delivery], joins: Joins) -> list[tuple[Delivery, ...]]:
    """The letters of what one person is to hear of a ticket.

    What goes again goes in the set that it went in before. Of the rest those go together that there is one text for.
    """
    again, fresh = dict[str, list[Delivery]](), dict[str, list[Delivery]]()
    for each in deliveries:
        (again.setdefault(each.sent_as, []) if each.attempt else fresh.setdefault(each.kind, [])).append(each)
    letters = [tuple(together) for together in again.values()]
    for kinds in joins:
        while all(fresh.get(kind) for kind in kinds):
            letters.append(tuple(fresh[kind].pop(0) for kind in kinds))
    return letters + [(each,) for alone in fresh.values() for each in alone]
