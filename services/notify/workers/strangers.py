"""Strangers are not written to by the dozen: of each network that names them only a few an hour."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.notify.ports import Outbox
from services.notify.workers.dispatch import Errand

MINUTES = 60  # of an hour


async def strangers_held(outbox: Outbox, errands: Sequence[Errand], wall: datetime) -> dict[str, timedelta]:
    """Deliveries to strangers for whom there is no place in this hour → how long until the next begins.

    Raises Unavailable.
    """
    until_the_next = timedelta(minutes=MINUTES - wall.minute)
    strangers = [(each.named_from, each.deliveries[0].ref) for each in errands if each.named_from and each.routes]
    return {ref: until_the_next for network, ref in strangers if not await outbox.may_name(network, ref, wall)}
