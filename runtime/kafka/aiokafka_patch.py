"""A mend of aiokafka 0.14.0, which does not look at the error that an OffsetFetch (version 2 on) gives for a group.

While a restarted broker still loads its positions it answers with that error and without partitions; aiokafka takes
this for "no position". Goes as soon as aiokafka looks: test_aiokafka_patch.py says when.
"""

from typing import Any

from aiokafka.consumer import consumer
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import NotCoordinatorForGroupError, for_code
from aiokafka.protocol.commit import OffsetFetchRequest


class HeedfulCoordinator(GroupCoordinator):
    """Raises the error of the group, which aiokafka then waits out, or ends with."""

    async def _send_req(self, request: Any) -> Any:
        response = await super()._send_req(request)
        code = getattr(response, "error_code", 0) if isinstance(request, OffsetFetchRequest) else 0
        if code == NotCoordinatorForGroupError.errno:
            self.coordinator_dead()
        if code:
            raise for_code(code)
        return response


def heed_group_errors() -> None:
    """From now on every consumer's coordinator is a heedful one."""
    consumer.GroupCoordinator = HeedfulCoordinator
