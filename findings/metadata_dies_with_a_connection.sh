#!/usr/bin/env bash
# A good guess: the event loop below aiokafka is a matter of speed. A client whose connections are reset, as they are
# when a broker is killed and started again, finds the broker anew by itself, on uvloop as on asyncio's own loop.
# On uvloop a client can be blind from then on. uvloop raises RuntimeError when one writes to a transport whose end its
# reader has not been told yet, where asyncio's loop warns and drops the bytes; aiokafka takes only OSError for the end
# of a connection, so the task that keeps the metadata ends of it, without a line in the log. Whoever asks for metadata
# then waits for ever, though the broker answers everybody else at once: a consumer that has to look for its
# coordinator never commits again while it goes on fetching. Here a server that knows ApiVersions and Metadata
# (version 0 of the protocol's guide) resets its connections at most 200 times; both loops get the same.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check aiokafka==0.14.0 uvloop==0.23.0
cat >broker.py <<'PY'
"""A broker of one node: says which versions it speaks and where it is; a byte on standard input resets everybody."""
import socket, struct, sys, threading

held = []

def text(value):
    return struct.pack(">h", len(value)) + value

def answers(connection, port):
    stream = connection.makefile("rb")
    while len(size := stream.read(4)) == 4:
        key, _, correlation = struct.unpack(">hhi", stream.read(struct.unpack(">i", size)[0])[:8])
        versions = struct.pack(">hi", 0, 2) + struct.pack(">hhh", 18, 0, 0) + struct.pack(">hhh", 3, 0, 0)
        nodes = struct.pack(">ii", 1, 1) + text(b"127.0.0.1") + struct.pack(">i", port) + struct.pack(">i", 0)
        said = struct.pack(">i", correlation) + (versions if key == 18 else nodes)
        connection.sendall(struct.pack(">i", len(said)) + said)

def served(connection, port):
    try:
        answers(connection, port)
    except (OSError, ValueError):
        pass

def accepting(listener):
    while True:
        connection, _ = listener.accept()
        held.append(connection)
        threading.Thread(target=served, args=(connection, listener.getsockname()[1]), daemon=True).start()

listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=accepting, args=(listener,), daemon=True).start()
print(listener.getsockname()[1], flush=True)
while sys.stdin.read(1):
    for connection in [held.pop() for _ in range(len(held))]:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RD)
        connection.close()
PY
cat >seen.py <<'PY'
import asyncio, subprocess, sys, time
import aiokafka.client, uvloop

RESETS, PATIENCE = 200, 10.0  # seconds in which a broker on the same machine answers

async def asks(client, until):
    """Asks for metadata whenever the last answer is there, as requests that were refused do."""
    while time.monotonic() < until:
        asked = client.force_metadata_update()
        await asyncio.wait([asked], timeout=PATIENCE)
        if not asked.done():
            asked.cancel()
            return False
    return True

async def outcome():
    broker = subprocess.Popen([sys.executable, "broker.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    address = f"127.0.0.1:{int(broker.stdout.readline())}"
    client = aiokafka.client.AIOKafkaClient(bootstrap_servers=address)
    await client.bootstrap()
    try:
        for nth in range(RESETS):
            broker.stdin.write(b"!")
            broker.stdin.flush()
            if not await asks(client, time.monotonic() + 0.05):
                other = aiokafka.client.AIOKafkaClient(bootstrap_servers=address)
                await asyncio.wait_for(other.bootstrap(), PATIENCE)
                await other.close()
                return "blind, and a new client is answered"
        return "sees"
    finally:
        broker.kill()

def on(factory):
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(outcome())

found = {"asyncio": on(asyncio.new_event_loop), "uvloop": on(uvloop.new_event_loop)}
expected = {"asyncio": "sees", "uvloop": "blind, and a new client is answered"}
print("after its connections were reset a client")
for name, what in found.items():
    print(f"  on {name}: {what}")
if found != expected:
    sys.exit(f"changed: expected {expected}")
print("as found: aiokafka 0.14.0, uvloop 0.23.0")
PY
py/bin/python -W ignore seen.py 2>log || { tail -5 log >&2 && exit 1; }
