"""Mends of aiokafka 0.14.0 for every client of this process. Each goes when aiokafka does: test_aiokafka_patch.py says.

It does not look at the error that an OffsetFetch (version 2 on) gives for a group. While a restarted broker still loads
its positions it answers with that error and without partitions; aiokafka takes this for "no position".

It takes only an OSError for the end of a connection. uvloop raises RuntimeError when one writes to what was just
closed; the task that keeps a client's metadata ends of it, and whoever waits for metadata then waits for ever: a
consumer that looks for its coordinator never commits again (findings/metadata_dies_with_a_connection.sh).
"""

from typing import Any

from aiokafka import conn
from aiokafka.consumer import consumer
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import KafkaConnectionError, NotCoordinatorForGroupError, for_code
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


class CandidConnection(conn.AIOKafkaConnection):
    """Says that it is closed by an error that aiokafka knows, and makes room for the next."""

    def send(self, request: Any, expect_response: bool = True) -> Any:
        try:
            return super().send(request, expect_response)
        except RuntimeError as closed:
            raise self._ended(closed) from closed

    def _send_sasl_token(self, payload: bytes, expect_response: bool = True) -> Any:
        try:
            return super()._send_sasl_token(payload, expect_response)
        except RuntimeError as closed:
            raise self._ended(closed) from closed

    def _ended(self, why: RuntimeError) -> KafkaConnectionError:
        self.close(reason=conn.CloseReason.CONNECTION_BROKEN)
        return KafkaConnectionError(f"Connection at {self.host}:{self.port} broken: {why}")


def mend() -> None:
    """From now on every coordinator and every connection of this process is a mended one."""
    consumer.GroupCoordinator = HeedfulCoordinator
    conn.AIOKafkaConnection = CandidConnection
