"""``python -m cli.divisions FOLDER``: writes the packaged tables of changes from the packages there."""

import gzip
import sys
from collections.abc import Iterable
from pathlib import Path

from cli.divisions import joining, sources
from cli.divisions.spells import Past
from cli.divisions.townships import township_changes
from contracts import divisions
from services.routing.domain.place.division_changes import DivisionChange, DivisionChanges

DATA = Path(__file__).parents[2] / "services/routing/data"


def changes(folder: Path) -> tuple[list[DivisionChange], list[DivisionChange]]:
    """The changes above townships, and those of townships."""
    today = dict(divisions.rows())
    tables = sources.yearly(folder)
    tables[sources.TODAY] = {code: name for code, name in today.items() if len(code) == 6}
    past, by_hand = Past(tables, sources.events(folder)), hand_made()
    areas = {year: sources.statistics(folder, year, "areas") for year in sources.STATISTICS}
    streets = {year: sources.statistics(folder, year, "streets") for year in sources.STATISTICS}
    counties = joining.county_changes(past, by_hand)
    above = [*joining.prefecture_changes(past, counties, today, by_hand), *joining.groupings(tables | areas, today)]
    found = [*counties, *above]
    found += joining.statistical_areas(areas, streets, found, today)
    return found, list(township_changes(streets, DivisionChanges(tuple(found)), today))


def hand_made() -> dict[tuple[str, str], joining.HandRow]:
    """What is known where the sources are silent or wrong."""
    rows = (line.split("\t") for line in (DATA / "changes_by_hand.tsv").read_text("utf-8").splitlines())
    return {
        (code, name): joining.HandRow(tuple(became.split()), tuple(parts.split()), int(year or 0))
        for code, name, became, _, parts, year in rows
    }


def written(path: Path, rows: Iterable[DivisionChange]) -> None:
    """The same bytes for the same rows."""
    lines = (
        f"{each.year}\t{each.kind}\t{each.code}\t{each.name}\t{' '.join(each.became)}\t{' '.join(each.parts)}\t"
        f"{each.basis}\t{each.document}\n"
        for each in sorted(rows, key=lambda each: (each.code, each.year))
    )
    path.write_bytes(gzip.compress("".join(lines).encode(), 9, mtime=0))


def main(folder: Path) -> None:
    """Both tables, and how many rows they have."""
    above, townships = changes(folder)
    written(DATA / "division_changes.tsv.gz", above)
    written(DATA / "township_changes.tsv.gz", townships)
    print(f"{len(above)} changes of provinces, prefectures and counties, {len(townships)} of townships")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
