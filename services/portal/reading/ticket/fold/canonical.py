"""One hash over all ticket documents, the same for the same log: what "rebuilt and equal" means."""

import hashlib
from collections.abc import Iterable

import orjson

from services.portal.reading.ticket.document import Ticket


def fingerprint(ticket: Ticket) -> bytes:
    """The hash of one document over its sorted JSON."""
    return hashlib.sha256(orjson.dumps(ticket, option=orjson.OPT_SORT_KEYS)).digest()


def combined(fingerprints: Iterable[tuple[str, bytes]]) -> str:
    """The hash over (ticket id, fingerprint) in the order of the ids."""
    total = hashlib.sha256()
    for ticket, each in fingerprints:
        total.update(ticket.encode() + b"\x00" + each)
    return total.hexdigest()
