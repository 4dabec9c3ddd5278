"""``duban sla standards check|import|export``: what goes out comes in again; every fault has its row and column."""

from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.__main__ import command
from cli.standards import catalogue, publish, written
from contracts.messages.standards import StandardPublished
from runtime.clock import Clock
from runtime.http.tables import csv_text
from runtime.process.configuration import TOPIC
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings, load
from runtime.tables.workbooks import workbook
from services.sla.adapters import packaged, standard_rows
from services.sla.adapters.published import configuration_of
from services.sla.adapters.standard_tables import StandardsTable, beside, read
from services.sla.domain import standards
from services.sla.domain.limits import Limit
from services.sla.domain.standards import Standard
from tests.harness import MONDAY

ROW = {
    "编码": "WTR-09", "版本": "1", "名称": "二次供水清洗", "英文名称": "Cleaning of tanks", "时限": "5",
    "时限单位": "工作日", "起算": "当日", "延期审批": "牵头单位", "程序": "受理—清洗—评价", "依据": "《城市供水条例》",
    "适用事项": "WTR.01、WTR.02",
}  # fmt: skip
PACKAGED = {packaged.standard_key(each.standard.code, each.standard.version): each for each in packaged.standards()}


def table(*changes: dict[str, str]) -> StandardsTable:
    """A row for each change of the usual one."""
    rows = [ROW | each for each in changes or ({},)]
    columns = dict.fromkeys(name for row in rows for name in row)
    return read(csv_text(tuple(columns), rows).encode())


def test_a_row_says_what_a_clerk_means() -> None:
    found = table()
    assert found.faults == []
    said = found.rows[2].published(MONDAY)
    assert (said.standard.limit_unit, said.standard.counts_from, said.duties) == (
        "working_days",
        "today",
        ("WTR.01", "WTR.02"),
    )
    assert (said.standard.valid_from, said.standard.extension_approver) == (MONDAY, "lead")


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"编码": "water"}, "code"),
        ({"版本": "0"}, "version"),
        ({"名称": ""}, "name_zh"),
        ({"时限": "soon"}, "limit"),
        ({"时限": "99999"}, "limit"),
        ({"时限单位": "天"}, "limit_unit"),
        ({"起算": "昨日"}, "counts_from"),
        ({"黄灯比例": "0.9", "橙灯比例": "0.5"}, "orange_at"),
        ({"黄灯比例": "2"}, "yellow_at"),
        ({"最长延期": "9"}, "extension_cap"),
        ({"延期审批": "市长"}, "extension_approver"),
        ({"依据": ""}, "legal_basis"),
        ({"适用事项": "水"}, "duties/0"),
        ({"生效时间": "明年"}, "valid_from"),
    ],
)
def test_a_fault_has_its_row_and_column_and_says_what_to_do(change: dict[str, str], column: str) -> None:
    found = table({}, change | {"编码": change.get("编码", "WTR-10")})
    assert {(each.line, each.column) for each in found.faults} == {(3, column)}
    assert all(each.zh and each.en for each in found.faults)


def test_a_workbook_has_the_same_faults_as_the_same_table() -> None:
    rows = [ROW, ROW | {"编码": "water", "时限": "soon"}, ROW | {"版本": "2", "起算": "昨日"}]
    found = read(workbook(tuple(ROW), rows))
    assert found.faults == read(csv_text(tuple(ROW), rows).encode()).faults
    assert [(each.line, each.column) for each in found.faults] == [(3, "code"), (3, "limit"), (4, "counts_from")]


def test_one_version_stands_in_one_row() -> None:
    assert [(each.line, each.column) for each in table({}, {}).faults] == [(3, "version")]


@pytest.mark.parametrize("content", [b"PK", b"a,b\n1,2\n", b"", b'"', "编码,编码\n".encode()])
def test_what_is_no_such_table_is_said_in_one_sentence(content: bytes) -> None:
    (fault,) = read(content).faults
    assert (fault.line, fault.column) == (1, "")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_what_goes_out_comes_in_again(suffix: str) -> None:
    found = read(written(suffix, packaged.standards()))
    assert found.faults == []
    plan = beside(found, PACKAGED, MONDAY)
    assert (plan.to_publish, plan.faults, len(found.rows)) == ({}, [], len(PACKAGED))


def test_a_version_never_changes_and_none_begins_before_it_is_said() -> None:
    first = beside(table(), {}, MONDAY)
    assert first.told == ["WTR-09@1 二次供水清洗: new: 5 working_days"]
    later = beside(table({"版本": "2", "时限": "3"}), first.to_publish, MONDAY)
    assert later.told == ["WTR-09@2 二次供水清洗: 5 working_days → 3 working_days"]
    assert beside(table(), first.to_publish, MONDAY + timedelta(days=1)).faults == []
    (changed,) = beside(table({"时限": "4"}), first.to_publish, MONDAY).faults
    (early,) = beside(table({"版本": "2", "生效时间": "2020-01-01T00:00:00+08:00"}), first.to_publish, MONDAY).faults
    assert ((changed.line, changed.column), (early.line, early.column)) == ((2, "version"), (2, "valid_from"))


async def test_nothing_is_published_before_somebody_says_so_and_then_once() -> None:
    platform = InMemoryPlatform(load(Settings), Clock())
    for publishes, records in ((False, 0), (True, 1), (True, 1)):
        await publish(platform, table(), publishes=publishes)
        assert len(platform.log.of_topic(TOPIC)) == records
    assert list(await catalogue(platform)) == ["standard/WTR-09@1"]
    said: StandardPublished = configuration_of(platform).all(StandardPublished)["standard/WTR-09@1"]
    assert said.standard.name_zh == "二次供水清洗"


def test_every_rule_of_standards_has_its_column_and_remedy() -> None:
    broken = Limit(0, "moons", "never", 0.9, 0.5, -1, -1)
    bad = Standard("X", 0, broken, 9, "mayor", "", "", MONDAY)
    assert set(standards.faults(bad)) == set(standard_rows.FAULTS)
    assert {column for column, _, _ in standard_rows.FAULTS.values()} <= set(standard_rows.COLUMNS)


@pytest.mark.parametrize(
    ("change", "code", "told"), [({}, 0, "1 rows, nothing wrong"), ({"时限": "0"}, 1, "row 2, limit")]
)
def test_a_table_is_checked_without_an_installation(
    tmp_path: Path, change: dict[str, str], code: int, told: str
) -> None:
    file = tmp_path / "table.csv"
    file.write_text(csv_text(tuple(ROW), [ROW | change]), "utf-8")
    done = CliRunner().invoke(command("sla"), ["standards", "check", str(file)])
    assert (done.exit_code, told in done.output) == (code, True), done.output
