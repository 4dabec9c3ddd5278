"""A Faust program that loses messages; test_faust_losses runs it in a process of its own.

Arguments: case (``raise``, ``hang`` or ``calm``), group, topic, servers, concurrency, file. Each message handled to its
end becomes a line of the file. ``raise``: the body raises on message 50. ``hang``: message 10 stays in work for ever.
``calm``: neither, as after the bug was mended.
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import faust

RAISES_ON, HANGS_ON = b"50", b"10"


def build(case: str, group: str, topic: str, servers: str, concurrency: int, file: Path) -> faust.App:
    """The program, with the settings of the stream that counts, and the concurrency of the case."""
    app = faust.App(
        group,
        broker=[f"kafka://{server}" for server in servers.split(",")],
        value_serializer="raw",
        store="memory://",
        datadir=str(file.parent),
        web_enabled=False,
        topic_disable_leader=True,
        broker_commit_interval=0.2,
        broker_session_timeout=6.0,  # the least a broker allows: the next program waits for it
        broker_heartbeat_interval=1.0,
        consumer_auto_offset_reset="earliest",
        stream_wait_empty=False,
        logging_config={"version": 1, "disable_existing_loggers": False},
    )

    async def handle(stream: Any) -> AsyncIterator[None]:
        async for value in stream:
            if case == "raise" and value == RAISES_ON:
                raise ValueError("a bug")
            if case == "hang" and value == HANGS_ON:
                await asyncio.Event().wait()
            with file.open("ab") as handled:
                handled.write(value + b"\n")
            yield

    app.agent(app.topic(topic, value_type=bytes), concurrency=concurrency)(handle)
    return app


def main(case: str, group: str, topic: str, servers: str, concurrency: str, file: str) -> None:
    """Run until it is killed."""
    app = build(case, group, topic, servers, int(concurrency), Path(file))
    worker = faust.Worker(app, loglevel=logging.CRITICAL, redirect_stdouts=False)
    worker.spinner = None  # it wants a handler of the root logger and ends the process without one
    worker.execute_from_commandline()


if __name__ == "__main__":
    main(*sys.argv[1:])
