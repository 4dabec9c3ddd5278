"""Which log it is: the ids of its topics and of its cluster. A name says nothing about that.

Positions of documents belong to one log; a topic of the same name with another id is another log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from runtime.delivery.ports import LogLost, LogPartition

RUNBOOK = "docs/runbooks/log-lost.md"


@dataclass(frozen=True, slots=True)
class LogIdentity:
    """The topics of one epoch, by their names in the catalogue, with their ids as text."""

    epoch: int
    cluster: str
    topics: Mapping[str, str]


def refuse_other(known: LogIdentity | None, found: LogIdentity) -> None:
    """Raises LogLost when ``found`` is not the log that is known. A topic that was not known may come to it."""
    if known is None:
        return
    if known.epoch != found.epoch:
        raise LogLost(_other_epoch(known, found))
    if lost := [name for name, each in sorted(known.topics.items()) if found.topics.get(name) != each]:
        raise LogLost(_lost(lost, known, found))


def refuse_older(reached: Mapping[LogPartition, int], ends: Mapping[LogPartition, int]) -> None:
    """Raises LogLost when a log ends before what documents have read of it: an older disk came back, under its ids.

    ``reached``: the offset that follows what was read. Places of which the end is not known are passed over.
    """
    for (name, partition), end in ends.items():
        if (known := reached.get((name, partition), 0)) > end:
            raise LogLost(
                f"the log ends before what the documents have read ({name}/{partition}: {end} instead of {known}): "
                f"an older log came back. {RUNBOOK}, `duban topics --new-epoch`"
            )


def _other_epoch(known: LogIdentity, found: LogIdentity) -> str:
    if found.epoch < known.epoch:
        return f"the documents are at log epoch {known.epoch}: set DUBAN_LOG_EPOCH={known.epoch} ({RUNBOOK})"
    new = f"duban topics --new-epoch {found.epoch}"
    return (
        f"log epoch {found.epoch} was never begun: `{new}` begins it, DUBAN_LOG_EPOCH={known.epoch} goes on ({RUNBOOK})"
    )


def _lost(lost: Sequence[str], known: LogIdentity, found: LogIdentity) -> str:
    gone = [name for name in lost if name not in found.topics]
    what = "does not have" if len(gone) == len(lost) else "has others in place of"
    cluster = "" if known.cluster == found.cluster else f", and is cluster {found.cluster} instead of {known.cluster}"
    return (
        f"the log that the documents know is lost: Kafka {what} {', '.join(lost)} of epoch {known.epoch}{cluster}. "
        f"Bring its disk back, or go on without it: {RUNBOOK}, `duban topics --new-epoch {known.epoch + 1}`"
    )


class LogWatch(Protocol):
    """Knows whether the log may be read and written. ``last``: the log that was seen last and was the right one.

    ``reached``: how far the documents of this process had read it then.
    """

    last: LogIdentity | None
    reached: Mapping[LogPartition, int]

    async def seen(self) -> LogIdentity:
        """The log that may be read and written. Raises LogLost, Unavailable."""

    async def look(self) -> None:
        """Look again now. Raises LogLost, Unavailable."""


class KnownIdentity(Protocol):
    """Beside the documents of a service: the log that they know."""

    async def known(self) -> LogIdentity | None:
        """What is remembered. Raises Unavailable."""

    async def reached(self) -> Mapping[LogPartition, int]:
        """How far the documents have certainly read it, whichever group read. Raises Unavailable."""

    async def remember(self, found: LogIdentity) -> LogIdentity | None:
        """Remember if nothing is, or add topics that are new; what stands then. Raises Unavailable."""
