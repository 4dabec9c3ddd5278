"""G1 Portal pages: a unit's clerk accepts what was ticked by one form; each matter has its own request and outcome."""

import re
from typing import Any
from urllib.parse import urlencode

from tests.acceptance.test_E1_to_E3_handling import completion, post
from tests.acceptance.test_E4_review import reviewed
from tests.acceptance.test_G1_desk import CONTENT, FORM, HIDDEN, ClerkAtWork
from tests.acceptance.test_G3_sessions import signed_in
from tests.acceptance.town import COUNTY, RunningSystem

OUTCOME = re.compile(r'data-outcome="(\w+)"><a href="/desk/(\w+)')
PATH = "/desk/many"


async def _came_of_it(town: RunningSystem, session: str, sent: dict[str, str]) -> dict[str, str]:
    """Number → what came of it, once nothing waits; the same form is sent until then."""
    headers, found = FORM | {"Cookie": f"__Host-duban={session}"}, dict[str, str]()

    async def once() -> bool:
        answer = await town.call("portal", "POST", PATH, content=urlencode(sent), headers=headers)
        assert answer.status_code == 200, answer.text
        found.update({number: what for what, number in OUTCOME.findall(answer.text)})
        return "waits" not in found.values()

    await town.eventually(once, what="an outcome of each")
    return found


async def test_G1_what_was_ticked_is_accepted_once_and_what_was_accepted_already_is_refused(
    town: RunningSystem,
) -> None:
    own = [await town.submit("村口停水", CONTENT, division="431226104") for _ in range(2)]
    units = {(await town.assigned(each)).body.unit for each in own}
    already = await town.submit("村口停水", CONTENT, division="431226104")
    await town.accepted(already)
    (unit,) = units
    session = await signed_in(town, "sun.mei", role="unit", unit=unit)
    clerk = ClerkAtWork(town, session)
    for each in own:
        await clerk.page(f"/desk/{each.number}/acceptance", 'name="standard"')
    numbers = [each.number for each in (*own, already)]
    asked = urlencode([("act", "acceptance"), *(("n", each) for each in numbers)])
    form = await clerk.page(f"{PATH}?{asked}", 'name="standard"')
    standard = re.findall(r'name="standard" value="([^"]+)"', form)[0]
    sent = dict(HIDDEN.findall(form)) | {"standard": standard}
    expected = {each.number: "done" for each in own} | {already.number: "refused"}
    assert await _came_of_it(town, session, sent) == expected
    assert await _came_of_it(town, session, sent) == expected
    for each in own:
        await town.fact("TicketAccepted", each.number)
        facts: list[Any] = await town.facts("TicketAccepted", each.number)
        assert [fact.body.standard.code for fact in facts] == [standard]


async def test_G1_what_a_head_sends_back_by_one_form_is_sent_back_once(town: RunningSystem) -> None:
    async with reviewed(town) as (receipt, unit, _, _):
        assert (await post(town, receipt, "completion", unit, completion(town))).status_code == 200
        session = await signed_in(town, "zhou.ping", role="head", unit=unit.unit)
        head = ClerkAtWork(town, session)
        inbox = await head.page("/desk", f'name="n" value="{receipt.number}"')
        assert ("请验收" in inbox, 'name="act" value="review"' in inbox) == (True, True)
        form = await head.page(f"{PATH}?act=review&n={receipt.number}", 'name="passed"')
        sent = dict(HIDDEN.findall(form)) | {"passed": "no", "grounds-evidence_lacking": "yes"}
        assert await _came_of_it(town, session, sent) == {receipt.number: "done"}
        await town.fact("ReviewRejected", receipt.number)
        assert await _came_of_it(town, session, sent) == {receipt.number: "done"}
        assert len(await town.facts("ReviewRejected", receipt.number)) == 1
        other = dict(HIDDEN.findall(await head.page(f"{PATH}?act=review&n={receipt.number}", 'name="passed"')))
        assert await _came_of_it(town, session, other | {"passed": "yes"}) == {receipt.number: "refused"}


async def test_G1_a_clerk_of_another_unit_gets_nothing_done_by_it(town: RunningSystem) -> None:
    receipt = await town.submit("村口停水", CONTENT, division="431226104")
    await town.assigned(receipt)
    session = await signed_in(town, "tang.jie", role="unit", unit=f"{COUNTY}-NY")
    form = await ClerkAtWork(town, session).page(f"{PATH}?act=acceptance&n={receipt.number}", receipt.number)
    assert "停水" not in form
    sent = dict(HIDDEN.findall(form)) | {"standard": "WTR-01"}
    assert await _came_of_it(town, session, sent) == {receipt.number: "refused"}
    await town.accepted(receipt)
    await town.fact("TicketAccepted", receipt.number)
    assert len(await town.facts("TicketAccepted", receipt.number)) == 1
