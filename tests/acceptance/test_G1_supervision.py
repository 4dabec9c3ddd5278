"""G1 Portal pages: the supervision office sees who is late and opens the matters behind each figure."""

import re
from datetime import timedelta

from tests.acceptance.test_C3_C4_C5_clocks import ROAD, road
from tests.acceptance.test_G1_desk import ClerkAtWork
from tests.acceptance.test_G3_sessions import signed_in
from tests.acceptance.town import COUNTY, RunningSystem

PATH = "/desk/supervision"
ELSEWHERE = f"{COUNTY}199"
TOWN = "石羊哨乡"  # nobody else's: the page shows the worst first, and only so many


def opened_by(page: str, unit: str) -> list[str]:
    """The addresses that the figures of a unit lead to."""
    return [each.replace("&amp;", "&") for each in re.findall(rf'href="({PATH}/matters\?unit={unit}&amp;[^"]+)"', page)]


async def test_G1_a_unit_that_is_late_is_named_and_its_figure_opens_the_matter(town: RunningSystem) -> None:
    receipt = await town.submit(f"{TOWN}道路破损", ROAD.replace("兰里镇", TOWN) + "看看督查页上点谁的名。", place=TOWN)
    there = (await town.assigned(receipt)).body.division
    set_ = (await town.fact("DeadlineSet", receipt.number)).body
    office = ClerkAtWork(town, await signed_in(town, "peng.hui", role="supervisor"))
    town.wind(set_.due + timedelta(hours=1) - town.clock.now())
    await office.page(PATH, f"{PATH}?division={COUNTY}&amp;by=day")
    page = await office.page(f"{PATH}?division={there}", f'href="/desk/{receipt.number}?lang=zh"')
    (red,) = [each for each in opened_by(page, set_.unit) if "light=red" in each]
    await office.page(red, f'href="/desk/{receipt.number}?')
    table = await office.page(f"{PATH}/overdue.csv?by=month&division={there}", receipt.number)
    assert table.startswith("\ufeffunit,unit_zh")


async def test_G1_nobody_reads_the_figures_of_another_place_and_a_unit_has_no_such_page(town: RunningSystem) -> None:
    receipt = await road(town, "外乡镇看不到。")
    unit = (await town.assigned(receipt)).body.unit
    for name, wanted, path, status in (
        ("qin.lan", {"role": "leader", "division": ELSEWHERE}, PATH, 200),
        ("qin.fei", {"role": "leader", "division": ELSEWHERE}, f"{PATH}?division={COUNTY}", 404),
        ("qin.yu", {"role": "unit", "unit": unit}, PATH, 404),
    ):
        session = await signed_in(town, name, **wanted)
        answer = await town.call("portal", "GET", path, headers={"Cookie": f"__Host-duban={session}"})
        assert (answer.status_code, receipt.number in answer.text) == (status, False), name
