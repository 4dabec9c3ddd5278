#!/usr/bin/env bash
# A good guess: what counts the parts of an SMS and what sends them agree on any Chinese text, and no part ends within a
# character.
# smpplib cuts UCS-2 text every 134 bytes. A rare character of a name (𠮷: two units) at the edge of a part is cut in two:
# the first part ends in half a character and the second begins with the other half, so neither can be read by itself.
# The counters (sms-segments-calculator, split-sms) keep it whole and so need a part more: three are counted, two are sent.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check smpplib==2.2.4 six==1.17.0
npm install --silent --no-audit --no-fund --ignore-scripts sms-segments-calculator@1.3.0 split-sms@0.1.7
cat >count.cjs <<'JS'
const { SegmentedMessage } = require('sms-segments-calculator')
const split = require('split-sms')
const text = process.argv[2]
console.log(new SegmentedMessage(text).segmentsCount, split.split(text).parts.length)
JS
py/bin/python - <<'PY'
import subprocess, sys
from smpplib import consts, gsm

HEADER = 6  # bytes before the text of a part

def whole(part):
    try:
        part[HEADER:].decode("utf-16-be")
    except UnicodeDecodeError:
        return False
    return True

def count(text):
    parts, encoding, _ = gsm.make_parts(text, encoding=consts.SMPP_ENCODING_ISO10646)
    node = subprocess.run(["node", "count.cjs", text], capture_output=True, text=True, check=True).stdout.split()
    return len(parts), *map(int, node), [whole(part) for part in parts]

seen = {
    "132 characters and 𠮷 at the edge": count("督" * 66 + "𠮷" + "督" * 66),
    "132 characters and 𠮷 before it": count("督" * 65 + "𠮷" + "督" * 67),
    "134 ordinary characters": count("督" * 134),
}
found = {
    "132 characters and 𠮷 at the edge": (2, 3, 3, [False, False]),
    "132 characters and 𠮷 before it": (2, 2, 2, [True, True]),
    "134 ordinary characters": (2, 2, 2, [True, True]),
}
print("parts: smpplib 2.2.4 | sms-segments-calculator 1.3.0 | split-sms 0.1.7 | each part of smpplib is whole text")
for text, figures in seen.items():
    print(f"{text}: {' | '.join(map(str, figures))}")
sys.exit(seen != found and f"changed: {seen}")
PY
