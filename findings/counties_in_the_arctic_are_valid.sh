#!/usr/bin/env bash
# A good guess: what calls itself a check of GeoJSON finds a county whose latitude and longitude are exchanged (latitude
# 113), a ring that crosses itself, and a position of one number, which RFC 7946 forbids.
# geojson's is_valid is True for all three, and for four numbers a position (the RFC: no more than three, "SHOULD NOT").
# geojson-pydantic takes the first two, and text for numbers. shapely's is_valid takes the exchanged one and a ring that is
# not closed, which it closes by itself. A boundary file that "was validated" has been checked for one of these.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check \
  geojson==3.3.0 geojson-pydantic==2.2.0 shapely==2.2.0
py/bin/python - <<'PY'
import sys
import geojson, geojson_pydantic, pydantic, shapely, shapely.geometry

RINGS = {
    "right": [[112, 28], [113, 28], [113, 29], [112, 29], [112, 28]],
    "exchanged": [[28, 112], [28, 113], [29, 113], [29, 112], [28, 112]],
    "crosses itself": [[112, 28], [113, 29], [113, 28], [112, 29], [112, 28]],
    "one number": [[112], [113], [113], [112]],
    "four numbers": [[112, 28, 0, 1], [113, 28, 0, 1], [113, 29, 0, 1], [112, 28, 0, 1]],
    "numbers as text": [["112", 28], [113, 28], [113, 29], ["112", 28]],
    "not closed": [[112, 28], [113, 28], [113, 29], [112, 29]],
}

def passes(check, ring):
    try:
        return bool(check(ring))
    except (ValueError, pydantic.ValidationError):
        return False

CHECKS = (
    lambda ring: geojson.Polygon([ring]).is_valid,
    lambda ring: geojson_pydantic.Polygon(type="Polygon", coordinates=[ring]),
    lambda ring: shapely.geometry.shape({"type": "Polygon", "coordinates": [ring]}).is_valid,
)
seen = {name: tuple(passes(check, ring) for check in CHECKS) for name, ring in RINGS.items()}
found = {
    "right": (True, True, True), "exchanged": (True, True, True), "crosses itself": (True, True, False),
    "one number": (True, False, False), "four numbers": (True, False, False), "numbers as text": (False, True, True),
    "not closed": (False, False, True),
}
print("passes: geojson | geojson-pydantic | shapely")
for name, answers in seen.items():
    print(f"{name}: {' | '.join(map(str, answers))}")
sys.exit(seen != found and f"changed: {seen}")
PY
