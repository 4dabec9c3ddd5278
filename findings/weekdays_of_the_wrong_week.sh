#!/usr/bin/env bash
# A good guess: a date reader with a Chinese locale counts weeks from Monday, as GB/T 7408 and every Chinese speaker do,
# and reads nothing rather than another day where it does not know the words.
# Said on Wednesday 2026-12-02, chrono-node begins its week on Sunday: each Sunday is seven days early, and 本周日 (the
# coming one) is past. dateparser drops the weekday: 下周日 (Sunday of next week) is a Wednesday, and 本月15日 (the 15th of
# this month) is the day 15 days ago.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export TZ=Asia/Shanghai
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check dateparser==1.5.0
npm install --silent --no-audit --no-fund --ignore-scripts chrono-node@2.10.3
cat >chrono.mjs <<'JS'
import * as chrono from 'chrono-node'
const said = new Date('2026-12-02T10:00:00+08:00')
const read = (text) => chrono.zh.hans.parseDate(text, said)?.toLocaleDateString('sv') ?? 'None'
console.log(process.argv.slice(2).map(read).join('\n'))
JS
py/bin/python -W ignore - <<'PY'
import datetime, subprocess, sys
import dateparser

SAID = datetime.datetime(2026, 12, 2, 10)
found = {  # the day meant, chrono-node, dateparser
    "本周日": ("2026-12-06", "2026-11-29", "2026-12-02"),
    "下周日": ("2026-12-13", "2026-12-06", "2026-12-09"),
    "上周日": ("2026-11-29", "2026-11-22", "2026-11-25"),
    "周日": ("2026-12-06", "2026-11-29", "2026-11-29"),
    "下周一": ("2026-12-07", "2026-12-07", "None"),
    "本月15日": ("2026-12-15", "None", "2026-11-17"),
    "大后天": ("2026-12-05", "2026-12-05", "2026-12-05"),
}
js = subprocess.run(["node", "chrono.mjs", *found], capture_output=True, text=True, check=True).stdout.split()

def by_dateparser(text):
    day = dateparser.parse(text, languages=["zh"], settings={"RELATIVE_BASE": SAID})
    return str(day and day.date())

seen = {text: (found[text][0], chrono, by_dateparser(text)) for text, chrono in zip(found, js, strict=True)}
print("said on Wednesday 2026-12-02: meant | chrono-node 2.10.3 | dateparser 1.5.0")
for text, days in seen.items():
    print(f"{text}: {' | '.join(days)}")
sys.exit(seen != found and "changed: " + repr({k: v for k, v in seen.items() if v != found[k]}))
PY
