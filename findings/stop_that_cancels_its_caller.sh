#!/usr/bin/env bash
# A good guess: aiokafka's consumer.stop() returns, or raises a KafkaError, when its broker is gone: whoever writes
# `try: await consumer.stop() / except Exception: …` around it goes on.
# A member of a group whose broker has died raises CancelledError out of stop(), though nobody cancelled anything
# (current_task().cancelling() is 0): a fetch that waits before it tries again is cancelled and awaited, and its
# cancellation is the caller's. `except Exception` does not take it, so the task that only wanted to close its consumer
# ends, marked as cancelled, without an error that anybody logs; what it would have closed next stays open. A consumer
# with partitions assigned by hand returns as guessed. Seen with the default of 100 ms between tries, four times of four.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check confluent-kafka==2.16.1 aiokafka==0.14.0
cat >broker.py <<'PY'
import time

import confluent_kafka

mock = confluent_kafka.Producer({"bootstrap.servers": "", "test.mock.num.brokers": 1})
[broker] = mock.list_topics(timeout=10).brokers.values()
print(f"{broker.host}:{broker.port}", flush=True)
time.sleep(120)
PY
py/bin/python - 2>log <<'PY' || { cat log >&2 && exit 1; }
import asyncio, subprocess, sys
import aiokafka

DOWN = 1.5  # seconds between the broker's end and the stop

async def receiving(address, **group):
    """A consumer that has read a record."""
    producer = aiokafka.AIOKafkaProducer(bootstrap_servers=address)
    await producer.start()
    await producer.send_and_wait("t", b"x", partition=0)
    await producer.stop()
    topics = ["t"] if group else []
    consumer = aiokafka.AIOKafkaConsumer(*topics, bootstrap_servers=address, auto_offset_reset="earliest", **group)
    await consumer.start()
    if not group:
        consumer.assign([aiokafka.TopicPartition("t", 0)])
    await asyncio.wait_for(consumer.getone(), 30)
    return consumer

async def stopped(consumer, said):
    """What a careful caller does."""
    try:
        await consumer.stop()
        said.append("stopped")
    except Exception as error:
        said.append(f"an error: {type(error).__name__}")
    said.append("went on")

async def tried(**group):
    broker = subprocess.Popen([sys.executable, "broker.py"], stdout=subprocess.PIPE, text=True)
    try:
        consumer = await receiving(broker.stdout.readline().strip(), **group)
    finally:
        broker.kill()
        broker.wait()
    await asyncio.sleep(DOWN)
    said = []
    task = asyncio.create_task(stopped(consumer, said))
    await asyncio.wait([task])
    return said, task.cancelled(), task.cancelling()

def seen(**group):
    return asyncio.run(asyncio.wait_for(tried(**group), 90))

group = {"group_id": "g", "enable_auto_commit": False}
found = {"assigned by hand": seen(), "in a group": [seen(**group) for _ in range(4)]}
expected = {
    "assigned by hand": (["stopped", "went on"], False, 0),
    "in a group": [([], True, 0)] * 4,
}
print("what the caller said, whether its task ended as cancelled, how often somebody cancelled it")
for name, outcome in found.items():
    print(f"  {name}: {outcome}")
if found != expected:
    sys.exit(f"changed: expected {expected}")
print("as found: aiokafka 0.14.0, confluent-kafka 2.16.1 (the mock broker)")
PY
