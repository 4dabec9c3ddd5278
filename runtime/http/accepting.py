"""All connections that wait are taken at each turn of the event loop: uvloop takes one a turn.

At a busy process a turn is long. What is not taken waits in the kernel, where nobody counts it, and nobody can say no.
"""

import asyncio
import os
import socket
from contextlib import suppress

import uvicorn

AT_ONCE = 256  # connections a turn


class AcceptingServer(uvicorn.Server):
    """Uvicorn's server, with one more look at its listening sockets."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._listening: list[socket.socket] = []
        self._taking: set[asyncio.Task[None]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for each in (each for server in self.servers for each in server.sockets):
            listening = socket.socket(fileno=os.dup(each.fileno()))
            listening.setblocking(False)
            self._listening.append(listening)
            asyncio.get_running_loop().add_reader(listening, self._take_all, listening)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listening in self._listening:
            asyncio.get_running_loop().remove_reader(listening)
            listening.close()
        await super().shutdown(sockets)

    def _take_all(self, listening: socket.socket) -> None:
        """Until none waits; what is wrong with the socket is for the loop's own look."""
        with suppress(OSError):
            for _ in range(AT_ONCE):
                taken, _ = listening.accept()
                task = asyncio.get_running_loop().create_task(self._take(taken))
                self._taking.add(task)
                task.add_done_callback(self._taking.discard)

    async def _take(self, taken: socket.socket) -> None:
        taken.setblocking(False)
        with suppress(OSError):  # whoever connected has gone again
            taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await asyncio.get_running_loop().connect_accepted_socket(self._connection, taken)

    def _connection(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made
