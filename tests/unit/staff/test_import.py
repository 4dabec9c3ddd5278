"""``duban staff import``: what is wrong in a file is told row by row; what is right is asked for as the API has it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.__main__ import command
from cli.staff import rows
from cli.staff.rows import AppointmentFile
from cli.staff.sending import AppointmentSender, RowOutcome, send_all
from cli.staff.session import ConfigurerSession, NotSignedIn, sign_in
from tests.facts.values import COUNTY, UNIT
from tests.unit.staff.house import LI, ServedStaff
from tests.unit.staff.test_second_factors import NEXT, begun, code
from tests.unit.staff.test_signing_in import PASSWORD, ask, link_for

HEAD = "account,role,unit,division,since,until"
GOOD = f"{HEAD}\nchen.jing,unit,{UNIT},{COUNTY},,\nzhou.qi,lead,,{COUNTY},,\n"
IN_CHINESE = f"账号,角色,单位,区划\nchen.jing,责任单位工作人员,{UNIT},{COUNTY}\n\nzhou.qi,牵头单位,,{COUNTY}\n"


def read(text: str, encoding: str = "utf-8") -> AppointmentFile:
    return rows.read(text.encode(encoding))


@pytest.mark.parametrize(
    ("text", "encoding"), [(GOOD, "utf-8"), (GOOD, "utf-8-sig"), (IN_CHINESE, "gb18030"), (IN_CHINESE, "utf-8")]
)
def test_a_file_as_spreadsheets_write_it_is_read(text: str, encoding: str) -> None:
    found = read(text, encoding)
    said = [(row.account, row.role, row.unit, row.division) for _, row in found.rows]
    assert (said, found.faults) == ([("chen.jing", "unit", UNIT, COUNTY), ("zhou.qi", "lead", "", COUNTY)], ())


@pytest.mark.parametrize(
    ("row", "column", "remedy"),
    [
        (f"Chen Jing,lead,,{COUNTY},,", "account", "格式不对"),
        (f"chen.jing,boss,,{COUNTY},,", "role", "supervisor"),
        ("chen.jing,lead,,,,", "division", "缺少此项"),
        (f"chen.jing,lead,,{COUNTY},2027-03-01,", "since", "RFC 3339"),
        (f"chen.jing,lead,,{COUNTY},,,more", "", "More cells"),
        (f"zhou.qi,lead,,{COUNTY},,", "", "row 3"),
    ],
)
def test_what_is_wrong_is_told_with_row_column_and_remedy(row: str, column: str, remedy: str) -> None:
    found = read(GOOD + row + "\n")
    (fault,) = found.faults
    assert (fault.line, fault.column, remedy in f"{fault.zh} {fault.en}") == (4, column, True)
    assert (len(found.rows), str(fault).startswith("row 4")) == (2, True)


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        (b"PK\x03\x04 a workbook", "save it anew"),
        (b"\xff\xff\xff", "save it as UTF-8"),
        (b"", "names the columns"),
        (b"account,role\n", "names the columns"),
        (b"account,role,division,telephone\n", "names the columns"),
        (b"account,account,role,division\n", "names the columns"),
        (HEAD.encode() + b'\n"chen.jing,unit\n', "check its quotes"),
        (HEAD.encode() + b"\n" * (rows.ROWS_AT_MOST + 2), "split the file"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_remedy(content: bytes, remedy: str) -> None:
    found = rows.read(content)
    assert (found.rows, [remedy in fault.en for fault in found.faults]) == ((), [True])


async def configurer(staff: ServedStaff, name: str) -> ConfigurerSession:
    """Somebody who was appointed, has a password and codes, and signs in."""
    await staff.appoint(name, role="configurer")
    sent = {"link": await link_for(staff, name), "password": PASSWORD}
    assert (await staff.call("POST", "/passwords", json=sent)).status_code == 200
    first = (await staff.call("POST", "/sessions", json={"account": name, "password": PASSWORD})).json()["session"]
    secret = await begun(staff, first)
    now = {"code": code(staff, secret)}
    assert (await ask(staff, "POST", "/sessions/second-factor/confirmation", first, json=now)).status_code == 200
    staff.wall.time += NEXT
    return await sign_in(staff.client, name, PASSWORD, code(staff, secret))


async def no_pause(_seconds: float) -> None:
    """What is sent again is sent again at once."""


async def sent(
    file: AppointmentFile, session: ConfigurerSession, pause: Any = no_pause, *, confirm: bool = False
) -> Sequence[RowOutcome]:
    told: list[RowOutcome] = []
    sender = AppointmentSender(file, session, pause)
    await send_all(file.rows, sender.confirm if confirm else sender.propose, told.append)
    return sorted(told, key=lambda outcome: outcome.line)


async def states(staff: ServedStaff, name: str) -> list[str]:
    shown = (await staff.call("GET", f"/accounts/{name}", LI)).json()
    return [each["state"] for each in shown["appointments"]]


async def test_two_configurers_appoint_by_one_file_and_again_nothing_happens(staff: ServedStaff) -> None:
    first, second = await configurer(staff, "he.hua"), await configurer(staff, "ma.li")
    file = read(GOOD)
    assert [outcome.done for outcome in await sent(file, first)] == [True, True]
    assert [await states(staff, name) for name in ("chen.jing", "zhou.qi")] == [["proposed"], ["proposed"]]
    alone = await sent(file, first, confirm=True)
    assert [(outcome.done, "second" in outcome.said) for outcome in alone] == [(False, True)] * 2
    assert [outcome.done for outcome in await sent(file, second, confirm=True)] == [True, True]
    known = len(list(staff.platform.log.of_topic("affairs")))
    again = [*await sent(file, first), *await sent(file, second, confirm=True)]
    assert [outcome.done for outcome in again] == [True] * 4
    assert [await states(staff, name) for name in ("chen.jing", "zhou.qi")] == [["made"], ["made"]]
    assert {record.key for record in list(staff.platform.log.of_topic("affairs"))[known:]} <= {
        "account/chen.jing",
        "account/zhou.qi",
    }


async def test_while_nobody_answers_it_waits_and_goes_on_under_the_same_key(staff: ServedStaff) -> None:
    session, waited = await configurer(staff, "he.hua"), []
    await session.ask("GET", "/v1/accounts")
    staff.silence()

    async def wait(seconds: float) -> None:
        waited.append(seconds)
        staff.kafka.is_silent = False

    assert [outcome.done for outcome in await sent(read(GOOD), session, wait)] == [True, True]
    assert waited


async def test_a_row_that_the_rules_refuse_is_told_with_why_and_the_others_are_done(staff: ServedStaff) -> None:
    session = await configurer(staff, "he.hua")
    await staff.appoint("zhou.qi", role="auditor")
    one, other = await sent(read(GOOD), session)
    assert (one.done, other.line, other.done, "auditor" in other.said) == (True, 3, False, True)


async def test_a_token_that_ran_out_is_renewed(staff: ServedStaff) -> None:
    session = await configurer(staff, "he.hua")
    assert (await session.ask("GET", "/v1/accounts")).status_code == 200
    staff.wall.time += 10 * NEXT
    assert (await session.ask("GET", "/v1/accounts")).status_code == 200


async def test_whoever_is_no_configurer_or_types_wrong_is_told_so(staff: ServedStaff) -> None:
    with pytest.raises(NotSignedIn, match="wrong"):
        await sign_in(staff.client, "nobody", PASSWORD, "")
    await staff.appoint("chen.jing", role="lead")
    body = {"link": await link_for(staff), "password": PASSWORD}
    assert (await staff.call("POST", "/passwords", json=body)).status_code == 200
    with pytest.raises(NotSignedIn, match="no configurer"):
        await sign_in(staff.client, "chen.jing", PASSWORD, "")


@pytest.mark.parametrize(
    ("text", "exit_code", "said"), [(GOOD, 0, "say --yes"), (GOOD + "x,y,,1,,\n", 1, "correct the file first")]
)
def test_without_yes_nothing_is_sent_and_faults_are_told(tmp_path: Path, text: str, exit_code: int, said: str) -> None:
    path = tmp_path / "staff.csv"
    path.write_text(text)
    shown = CliRunner().invoke(command("staff"), ["import", str(path)])
    assert (shown.exit_code, said in shown.output, "2 appointments of 2 accounts" in shown.output) == (
        exit_code,
        True,
        True,
    )
