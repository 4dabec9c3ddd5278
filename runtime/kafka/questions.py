"""A question to Kafka's brokers that aiokafka's producer and consumer do not ask."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from runtime.delivery.ports import Unavailable
from runtime.kafka.bus import CALL_WAIT, Bus
from runtime.kafka.closing import closes

AnswerT = TypeVar("AnswerT")


class BrokerQuestions:
    """One connection, made when it is needed and made anew after a failure. ``options``: of aiokafka's client."""

    def __init__(self, bus: Bus, **options: Any) -> None:
        self._bus, self._options = bus, options
        self._client: AIOKafkaClient | None = None

    async def ask(self, question: Callable[[AIOKafkaClient], Awaitable[AnswerT]]) -> AnswerT:
        """What the brokers say. Raises Unavailable."""
        try:
            async with asyncio.timeout(CALL_WAIT):
                return await question(await self._connected())
        except (TimeoutError, KafkaError, OSError) as why:
            await self.stop()
            raise Unavailable(f"kafka: {type(why).__name__}") from None

    async def _connected(self) -> AIOKafkaClient:
        if self._client is None:
            client = AIOKafkaClient(**self._bus.client_options(), **self._options)
            await client.bootstrap()
            self._client = client
        return self._client

    async def stop(self) -> None:
        """Close, without waiting for a frozen broker."""
        client, self._client = self._client, None
        if client is not None:
            await closes(client.close())
