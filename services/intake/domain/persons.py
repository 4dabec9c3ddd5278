"""One person is one voter: whether the people of a submission are as many as they seem."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KEYS = ("phone", "email", "id_number", "permit")
"""What makes a person: two people do not share it. A landline with another extension is another one."""


GIVEN = ("name", "phone", "email", "id_number")
IDENTIFYING_AT_MOST = 300  # values of one submission: 51 people with five each


@dataclass(frozen=True, slots=True)
class Repeat:
    """Somebody gives what somebody before them gave. ``person``: place in the row, 0 is the filer."""

    person: int
    key: str
    first: int


def repeats(people: Sequence[Mapping[str, str | None]]) -> Iterator[Repeat]:
    """The repeats among people whose values were read already."""
    seen: dict[tuple[str, str], int] = {}
    for nth, person in enumerate(people):
        for key in KEYS:
            if value := (person.get(key) or "").casefold():
                first = seen.setdefault((key, value), nth)
                if first != nth:
                    yield Repeat(nth, key, first)


def identifying(sent: Mapping[str, Any]) -> list[str]:
    """What the people of a submission gave of themselves: name, phone, e-mail, documents, and for whom they speak."""
    people = [each for each in (sent.get("reporter"), *(sent.get("co_reporters") or ())) if isinstance(each, dict)]
    given = [person.get(name) for person in people for name in GIVEN]
    given += [(person.get("permit") or {}).get("number") for person in people]
    known = dict.fromkeys(each for each in (*given, sent.get("on_behalf_of")) if isinstance(each, str) and each)
    return list(known)[:IDENTIFYING_AT_MOST]
