#!/usr/bin/env bash
# A good guess: a calendar library that does not know RSCALE=CHINESE (RFC 7529: a recurrence by the Chinese calendar, such
# as the duty roster of each Mid-Autumn day, the 15th of the 8th month) refuses the rule, or at least keeps it as it came.
# dateutil and rrule do refuse. ical.js drops RSCALE without a word: Mid-Autumn of 2027 becomes August 15 (it is September
# 15), and a rule that is written back has lost RSCALE and the mark of the leap month (5L is 5). rrule takes 5L and then
# finds no day at all.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check python-dateutil==4.0.0 lunardate==0.2.2
npm install --silent --no-audit --no-fund --ignore-scripts ical.js@2.2.1 rrule@2.8.1
py/bin/python - <<'PY'
import datetime
from dateutil.rrule import rrulestr
from lunardate import LunarDate

mid_autumn = LunarDate(2027, 8, 15).toSolarDate()
assert mid_autumn == datetime.date(2027, 9, 15), mid_autumn
try:
    rrulestr("RRULE:RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=15", dtstart=datetime.datetime(2026, 9, 25))
except ValueError as error:
    print(f"python-dateutil 4.0.0: refuses ({error}); Mid-Autumn of 2027 is {mid_autumn}")
else:
    raise SystemExit("changed: dateutil takes RSCALE")
PY
cat >rule.mjs <<'JS'
import ICAL from 'ical.js'
import rrule from 'rrule'
const MID_AUTUMN = 'RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=15;COUNT=2'
const LEAP = 'FREQ=YEARLY;BYMONTH=5L;BYMONTHDAY=5;COUNT=2'
const byIcal = (text) => {
  const rule = ICAL.Recur.fromString(text)
  const days = rule.iterator(ICAL.Time.fromDateString('2026-09-25'))
  return `${days.next()} ${days.next()} written back ${rule}`
}
const byRrule = (text) => {
  try {
    return JSON.stringify(rrule.rrulestr(`DTSTART:20260925T000000Z\nRRULE:${text}`).all())
  } catch (error) { return `refuses (${error.message})` }
}
const seen = [byIcal(MID_AUTUMN), byIcal(LEAP), byRrule(MID_AUTUMN), byRrule(LEAP)]
const found = [
  '2027-08-15 2028-08-15 written back FREQ=YEARLY;COUNT=2;BYMONTH=8;BYMONTHDAY=15',
  '2027-05-05 2028-05-05 written back FREQ=YEARLY;COUNT=2;BYMONTH=5;BYMONTHDAY=5',
  "refuses (Unknown RRULE property 'RSCALE')",
  '[]',
]
console.log('ical.js 2.2.1: ' + seen.slice(0, 2).join('; '))
console.log('rrule 2.8.1: ' + seen.slice(2).join('; '))
if (JSON.stringify(seen) !== JSON.stringify(found)) throw new Error('changed')
JS
node rule.mjs
