#!/usr/bin/env bash
# A good guess: what a holiday library calls a public holiday of China is a day off for everybody (the State Council's
# rules, article 2), at worst without the yearly exchange of weekends; and a working-day library that has no table of a year
# raises, whatever the day.
# date-holidays 3.37.0 calls public also Women's, Youth, Children's and Army Day, which give half a day or a day to some
# (article 3): 14 working days from 2020 to 2026 on which no deadline would run. workalendar 17.0.0 has tables until 2023;
# of a later year it raises CalendarError for each weekday, and says of each Saturday and Sunday that offices are closed, of
# the 19 on which they are open from 2024 to 2026 too. chinesecalendar 1.11.0 agrees with the notices on each of these days.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export TZ=Asia/Shanghai
python3 -m venv py
py/bin/pip install -q --disable-pip-version-check workalendar==17.0.0 chinesecalendar==1.11.0
npm install --silent --no-audit --no-fund --ignore-scripts date-holidays@3.37.0
cat >public.cjs <<'JS'
const Holidays = require('date-holidays')
const china = new Holidays('CN')
for (let year = 2020; year <= 2026; year++)
  for (const each of china.getHolidays(year)) if (each.type === 'public') console.log(each.date.slice(0, 10))
JS
node public.cjs >public.txt
py/bin/python -W ignore - <<'PY'
import datetime, sys
from collections import Counter
import chinese_calendar
from workalendar.asia import China
from workalendar.exceptions import CalendarError

SOME = ("03-08", "05-04", "06-01", "08-01")  # Women's, Youth, Children's and Army Day

public = {line.strip() for line in open("public.txt")}
of_some = [f"{year}-{day}" for year in range(2020, 2027) for day in SOME]
lost = [day for day in of_some if day in public and chinese_calendar.is_workday(datetime.date.fromisoformat(day))]
print(f"date-holidays: public {len(public & set(of_some))} of {len(of_some)} days of some; {len(lost)} are working days")
print("  " + " ".join(lost))

said, closed = Counter(), list()
first = datetime.date(2024, 1, 1)
for nth in range(366 + 365 + 365):
    day = first + datetime.timedelta(nth)
    part = "weekends" if day.weekday() > 4 else "weekdays"
    try:
        is_open = China().is_working_day(day)
    except CalendarError:
        said[part, "CalendarError"] += 1
        continue
    said[part, str(is_open)] += 1
    if not is_open and chinese_calendar.is_workday(day):
        closed.append(str(day))
print("workalendar, 2024 to 2026:", dict(said))
print(f"  offices are open on {len(closed)} days that it calls no working day: " + " ".join(closed))
as_seen = (
    len(public & set(of_some)), len(lost), len(closed), sorted(said) == [("weekdays", "CalendarError"), ("weekends", "False")]
)
sys.exit(as_seen != (28, 14, 19, True) and f"changed: {as_seen}")
PY
