"""G3: two configurers appoint whom a file names, each row through the same requests as by hand, and none twice."""

from cli.staff import rows
from cli.staff.rows import AppointmentFile
from cli.staff.sending import AppointmentSender, RowOutcome, send_all
from cli.staff.session import ConfigurerSession
from runtime.identity.tokens import Principal
from tests.acceptance.test_G3_sessions import signed_in
from tests.acceptance.town import COUNTY, RunningSystem

ROWS = 40
AUDITOR = Principal("shen.ji", "", COUNTY, "auditor")
FILE = "账号,角色,区划\n" + "".join(f"imported.{nth:02},牵头单位,{COUNTY}\n" for nth in range(ROWS))


async def sent(file: AppointmentFile, session: ConfigurerSession, *, confirm: bool = False) -> list[RowOutcome]:
    """The rows that were not done."""
    told: list[RowOutcome] = []
    sender = AppointmentSender(file, session)
    await send_all(file.rows, sender.confirm if confirm else sender.propose, told.append)
    assert len(told) == ROWS
    return [outcome for outcome in told if not outcome.done]


async def states(town: RunningSystem) -> list[str]:
    asked = {"limit": "100", "after": "imported."}
    answer = await town.call("staff", "GET", "/v1/accounts", who=AUDITOR, params=asked)
    listed = [each for each in answer.json()["accounts"] if each["account"].startswith("imported.")]
    return [appointment["state"] for each in listed for appointment in each["appointments"]]


async def test_G3_two_configurers_appoint_whom_a_file_names_and_once(town: RunningSystem) -> None:
    file, http = rows.read(FILE.encode("gb18030")), town.clients["staff"]
    first, second = [
        ConfigurerSession(http, await signed_in(town, name, role="configurer")) for name in ("luo.yan", "xie.tao")
    ]
    assert await sent(file, first) == []
    assert await states(town) == ["proposed"] * ROWS
    assert len(await sent(file, first, confirm=True)) == ROWS
    assert await sent(file, second, confirm=True) == []
    assert [*await sent(file, first), *await sent(file, second, confirm=True)] == []
    assert await states(town) == ["made"] * ROWS
