#!/usr/bin/env bash
# A good guess: the mock cluster inside confluent-kafka (librdkafka's), light enough for unit tests, either answers as a
# broker does or says that it does not support a request, as it does for several admin requests.
# Asked for the offset at a time that lies among its records, it answers, without an error, that there is none (None for
# aiokafka, -1 for confluent-kafka, which both mean "nothing since then"): a test of a replay from a time reads nothing and
# passes. Every delivery report says that the record was appended at 1234 milliseconds after 1970, though the record
# keeps the time that it was given. And a record of 8 MB is taken, eight times what a broker takes by default.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check confluent-kafka==2.16.1 aiokafka==0.14.0
py/bin/python - 2>log <<'PY' || { cat log >&2 && exit 1; }
import asyncio, sys
import aiokafka, confluent_kafka

FIRST, STEP, RECORDS = 1_790_000_000_000, 1000, 5  # milliseconds
AMONG_THEM = FIRST + 2 * STEP + 1
LARGE = {"message.max.bytes": 20_000_000}

mock = confluent_kafka.Producer({"bootstrap.servers": "", "test.mock.num.brokers": 1})
[broker] = mock.list_topics(timeout=10).brokers.values()
address = f"{broker.host}:{broker.port}"

async def by_aiokafka():
    """What aiokafka's producer was told of the times, what is in the log, and the offset at a time."""
    producer = aiokafka.AIOKafkaProducer(bootstrap_servers=address)
    await producer.start()
    sent = [await producer.send_and_wait("t", b"x", partition=0, timestamp_ms=FIRST + n * STEP) for n in range(RECORDS)]
    await producer.stop()
    consumer = aiokafka.AIOKafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest")
    await consumer.start()
    partition = aiokafka.TopicPartition("t", 0)
    consumer.assign([partition])
    stored = [(await consumer.getone()).timestamp for _ in range(RECORDS)]
    offset = (await consumer.offsets_for_times({partition: AMONG_THEM}))[partition]
    await consumer.stop()
    return {each.timestamp for each in sent}, stored, offset

def by_confluent():
    consumer = confluent_kafka.Consumer({"bootstrap.servers": address, "group.id": "g"})
    [answer] = consumer.offsets_for_times([confluent_kafka.TopicPartition("t", 0, AMONG_THEM)], timeout=10)
    return answer.offset, answer.error

def large_record():
    said = []
    producer = confluent_kafka.Producer({"bootstrap.servers": address} | LARGE)
    producer.produce("t", b"x" * 8_000_000, partition=0, on_delivery=lambda error, _: said.append(error))
    producer.flush(20)
    return said

told, stored, offset = asyncio.run(asyncio.wait_for(by_aiokafka(), 60))
seen = {
    "reported times": told,
    "stored times": stored == [FIRST + n * STEP for n in range(RECORDS)],
    "offset at a time, aiokafka": offset,
    "offset at a time, confluent-kafka": by_confluent(),
    "errors of a record of 8 MB": large_record(),
}
found = {
    "reported times": {1234},
    "stored times": True,
    "offset at a time, aiokafka": None,
    "offset at a time, confluent-kafka": (-1, None),
    "errors of a record of 8 MB": [None],
}
print("confluent-kafka 2.16.1 (mock and client), aiokafka 0.14.0; five records a second apart, asked for the third second")
for what, answer in seen.items():
    print(f"{what}: {answer}")
changed = {what: answer for what, answer in seen.items() if answer != found[what]}
if changed:
    print(f"changed: {changed}")
sys.exit(bool(changed))
PY
