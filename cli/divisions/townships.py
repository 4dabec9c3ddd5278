"""Townships whose code ended, or whose name: found again by name, or by the stem of it, in the county of today."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from cli.divisions.sources import Table
from services.routing.domain.place.division_changes import ChangeKind, DivisionChange, DivisionChanges
from services.routing.domain.place.gazetteer import COUNTY, TOWNSHIP

KIND_OF_TOWN = re.compile(
    r"(地区|街道|镇|(蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|"
    r"景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|塔吉克|怒|鄂温克|德昂|裕固|独龙|各)*(族|民族)?乡|苏木)$"
)


def town_stem(name: str) -> str:
    """A township's name without what says its kind: 高村 of 高村乡 and of 高村镇."""
    return KIND_OF_TOWN.sub("", name) or name


def plain_town(name: str) -> str:
    return name.removesuffix("办事处")


def township_changes(streets: Mapping[int, Table], changes: DivisionChanges, today: Table) -> Iterator[DivisionChange]:
    """A change for each township code or name of the tables that is not one of today and can be found again."""
    towns = defaultdict[str, dict[str, str]](dict)
    for code, name in today.items():
        if len(code) == TOWNSHIP:
            towns[code[:COUNTY]][code] = name
    seen = {(code, plain_town(name)): year for year in sorted(streets) for code, name in streets[year].items()}
    for (code, name), year in sorted(seen.items()):
        if today.get(code) != name and (became := _found_again(code, name, changes, towns)):
            kind = ChangeKind.RECODED if towns[became[:COUNTY]][became] == name else ChangeKind.RAISED
            yield DivisionChange(year + 1, kind, code, name, (became,), (), "townships")


def _found_again(code: str, name: str, changes: DivisionChanges, towns: Mapping[str, Mapping[str, str]]) -> str:
    county = code[:COUNTY]
    trace = None if county in towns else changes.of(county)
    counties = trace.steps[-1].became + trace.steps[-1].parts if trace else (county,)
    inside = {town: its for each in counties for town, its in towns.get(each, {}).items()}
    same = [town for town, its in inside.items() if its == name]
    alike = same or [town for town, its in inside.items() if town_stem(its) == town_stem(name)]
    return alike[0] if len(alike) == 1 else ""
