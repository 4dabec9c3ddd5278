#!/usr/bin/env bash
# A good guess: the place of a Chinese number in phonenumbers, released every few weeks, is named as today, at least for
# names changed ten years ago.
# Its whole Chinese table was held against the official list of 2025-12-31 (Ministry of Civil Affairs): 12 prefectures
# that are no more hold 2,264 prefixes: 襄樊市 (襄阳市 since 2010), 毕节地区 and 铜仁地区 (cities since 2011), 海东地区 (2013),
# 莱芜市 (part of 济南市 since 2019) and seven more. And the landline code 0731 names 株州市 where the city is 株洲市. A match
# of the name with a table of divisions finds nothing for them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check phonenumbers==9.0.43
py/bin/python - <<'PY'
import collections, sys
import phonenumbers
from phonenumbers import geocoder
from phonenumbers.geodata import GEOCODE_DATA

ABOLISHED = {  # prefecture: the official one now (changed in)
    "襄樊市": "襄阳市 (2010)", "毕节地区": "毕节市 (2011)", "铜仁地区": "铜仁市 (2011)", "海东地区": "海东市 (2013)",
    "日喀则地区": "日喀则市 (2014)", "昌都地区": "昌都市 (2014)", "林芝地区": "林芝市 (2015)", "吐鲁番地区": "吐鲁番市 (2015)",
    "山南地区": "山南市 (2016)", "哈密地区": "哈密市 (2016)", "那曲地区": "那曲市 (2017)", "莱芜市": "济南市 (2019)",
}
names = [row["zh"] for prefix, row in GEOCODE_DATA.items() if prefix.startswith("86") and "zh" in row]
seen = collections.Counter(old for old in ABOLISHED for name in names if old in name)
changsha = geocoder.description_for_number(phonenumbers.parse("+8673128881234"), "zh")
wuhan = geocoder.description_for_number(phonenumbers.parse("+862788881234"), "zh")
found = {
    "襄樊市": 493, "毕节地区": 335, "铜仁地区": 264, "海东地区": 208, "莱芜市": 184, "哈密地区": 175,
    "吐鲁番地区": 149, "日喀则地区": 120, "昌都地区": 91, "那曲地区": 87, "山南地区": 81, "林芝地区": 77,
}
print(f"phonenumbers 9.0.43: {len(names)} Chinese names")
for old, prefixes in seen.most_common():
    print(f"{old}: {prefixes} prefixes, now {ABOLISHED[old]}")
print(f"0731: {changsha}; 027: {wuhan}")
right = (changsha, wuhan) == ("湖南省长沙市、湘潭市、株州市", "湖北省武汉市")
sys.exit((seen != found or not right) and f"changed: {dict(seen)}, sum {sum(seen.values())}")
PY
