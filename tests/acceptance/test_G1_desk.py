"""G1 Portal pages: a unit's clerk deals with a matter from the inbox to completion by forms that need no script.

G2: the call beside a form, sent by a program, does the same.
"""

import html
import re
import shlex
from typing import Any
from urllib.parse import urlencode

import httpx2

from tests.acceptance.test_G3_sessions import signed_in, token_of
from tests.acceptance.town import COUNTY, ReporterReceipt, RunningSystem

CONTENT = "麻阳县兰里镇进村的自来水管坏了三天，没有水用，请尽快修好。"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">')


class ClerkAtWork:
    """Somebody who is signed in with a browser that has no script."""

    def __init__(self, town: RunningSystem, session: str) -> None:
        self._town, self._cookie = town, {"Cookie": f"__Host-duban={session}"}

    async def page(self, path: str, shows: str) -> str:
        """The page, once it shows what is waited for."""
        pages: list[str] = []

        async def once() -> bool:
            answer = await self._town.call("portal", "GET", path, headers=self._cookie)
            pages.append(answer.text)
            return answer.status_code == 200 and shows in answer.text

        await self._town.eventually(once, what=f"{shows} on {path}")
        return pages[-1]

    async def sends(self, path: str, **typed: str) -> httpx2.Response:
        """The form of a page, filled in and sent."""
        fields = dict(HIDDEN.findall(await self.page(path, 'name="key"'))) | typed
        return await self._town.call("portal", "POST", path, content=urlencode(fields), headers=FORM | self._cookie)

    async def does(self, path: str, **typed: str) -> str:
        """The page that says that it was done."""
        sent = await self.sends(path, **typed)
        assert sent.status_code == 303, sent.text
        where: list[str] = [sent.headers["Location"]]

        async def once() -> bool:
            answer = await self._town.call("portal", "GET", where[-1], headers=self._cookie)
            where.append(answer.headers.get("Location", where[-1]))
            return 'class="notice good"' in answer.text

        await self._town.eventually(once, what=f"{path} done")
        return where[-1]


async def _clerk(town: RunningSystem, name: str, receipt: ReporterReceipt) -> tuple[ClerkAtWork, str]:
    """A clerk of the unit that has the matter, with the session."""
    unit = (await town.assigned(receipt)).body.unit
    session = await signed_in(town, name, role="unit", unit=unit)
    return ClerkAtWork(town, session), session


async def test_G1_a_clerk_takes_a_matter_from_the_inbox_to_completion(town: RunningSystem) -> None:
    receipt = await town.submit("村口停水", CONTENT, division="431226104")
    clerk, _ = await _clerk(town, "gao.yan", receipt)
    matter = f"/desk/{receipt.number}"
    assert "请受理或退回" in await clerk.page("/desk", f'href="{matter}?')
    form = await clerk.page(f"{matter}/acceptance", "前办结）")
    standard = re.findall(r'name="standard" value="([^"]+)"', form)[0]
    await clerk.does(f"{matter}/acceptance", standard=standard)
    await clerk.does(f"{matter}/progress", text="已到现场", public="yes")
    shown = await clerk.page(f"{matter}/completion", "evidence-0-dated")
    dated = re.findall(r'name="evidence-0-dated"[^>]* value="([^"]+)"', shown)[0]
    piece = {"evidence-0-uri": "https://example.org/1.jpg", "evidence-0-kind": "photos", "evidence-0-dated": dated}
    refused = await clerk.sends(f"{matter}/completion", explanation="已修好")
    assert (refused.status_code, "没有佐证材料" in refused.text, "已修好" in refused.text) == (409, True, True)
    await clerk.does(f"{matter}/completion", explanation="已修好，恢复供水", **piece)
    completed = await town.fact("TicketCompleted", receipt.number)
    assert (completed.body.evidence[0].uri, completed.body.unit) == ("https://example.org/1.jpg", completed.body.unit)
    assert (await town.evaluate(receipt)).status_code == 200


async def test_G1_a_session_of_another_unit_sees_nothing_of_it(town: RunningSystem) -> None:
    receipt = await town.submit("村口停水", CONTENT, division="431226104")
    await town.assigned(receipt)
    stranger = ClerkAtWork(town, await signed_in(town, "bai.xue", role="unit", unit=f"{COUNTY}-NY"))
    assert receipt.number not in await stranger.page("/desk", "待办")
    headers: dict[str, Any] = {"headers": {"Accept": "text/html", **stranger._cookie}}
    for path in ("", "/acceptance"):
        answer = await town.call("portal", "GET", f"/desk/{receipt.number}{path}", **headers)
        assert (answer.status_code, "停水" in answer.text) == (404, False)


async def test_G2_the_call_beside_a_form_does_the_same(town: RunningSystem) -> None:
    receipt = await town.submit("村口停水", CONTENT, division="431226104")
    clerk, session = await _clerk(town, "fang.ge", receipt)
    path = f"/desk/{receipt.number}/acceptance"
    standard = re.findall(r'name="standard" value="([^"]+)"', await clerk.page(path, 'name="standard"'))[0]
    shown = await clerk.sends(path, standard=standard, to="call")
    call = shlex.split(
        html.unescape(re.findall(r"<pre[^>]*>(.*?)</pre>", shown.text, re.DOTALL)[0]).replace("\\\n", " ")
    )
    service, _, route = call[call.index("POST") + 1].removeprefix("$").partition("/")
    headers = dict(each.split(": ", 1) for at, each in enumerate(call) if call[at - 1] == "-H")
    headers["Authorization"] = headers["Authorization"].replace(
        "$TOKEN", (await token_of(town, session)).json()["token"]
    )
    answer = await town.clients[service.lower()].post(f"/{route}", content=call[-1], headers=headers)
    assert answer.status_code == 200, answer.text
    assert (await town.fact("TicketAccepted", receipt.number)).body.standard.code == standard
