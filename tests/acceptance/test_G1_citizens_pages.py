"""G1 Portal pages: a reporter follows the own matter from number and code to its end, by forms that need no script."""

import re
from urllib.parse import urlencode

import httpx2

from tests.acceptance.town import ReporterReceipt, RunningSystem

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def _sent(town: RunningSystem, path: str, fields: dict[str, str], cookie: str = "") -> httpx2.Response:
    headers = FORM | {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
    return await town.call("portal", "POST", path, content=urlencode(fields), headers=headers)


async def _opened(town: RunningSystem, receipt: ReporterReceipt) -> str:
    """The cookie of a matter, once the portal knows it."""
    answers: list[httpx2.Response] = []

    async def once() -> bool:
        answers.append(await _sent(town, "/mine", {"number": receipt.number, "code": receipt.code}))
        return answers[-1].status_code == 303

    await town.eventually(once, what="a matter opened on the page")
    return answers[-1].headers["Set-Cookie"].partition(";")[0]


async def _done(town: RunningSystem, cookie: str, act: str, **typed: str) -> str:
    """What the page says once a form was decided."""
    form = await town.call("portal", "GET", f"/mine/matter/{act}", headers={"Cookie": cookie})
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form.text))
    sent = await _sent(town, f"/mine/matter/{act}", hidden | typed, cookie)
    assert sent.status_code == 303, sent.text
    page: list[str] = []

    async def once() -> bool:
        page[:] = [(await town.call("portal", "GET", sent.headers["Location"], headers={"Cookie": cookie})).text]
        return 'class="notice good"' in page[0]

    await town.eventually(once, what=f"{act} accepted")
    return page[0]


async def test_a_reporter_adds_evaluates_and_ends_the_look(town: RunningSystem) -> None:
    receipt = await town.submit(
        "村口停水", "麻阳县兰里镇进村的自来水管坏了三天，没有水用，请尽快修好。", division="431226104"
    )
    cookie = await _opened(town, receipt)
    assert "您的补充已收到" in await _done(town, cookie, "supplement", text="村口的水管也坏了。")
    assert (await town.fact("TicketSupplemented", receipt.number)).body.index == 1
    await town.completed(receipt)
    await town.fact("TicketCompleted", receipt.number)
    assert "您的评价已记录" in await _done(town, cookie, "evaluation", grade="5", solved="yes", words="水来了")
    await town.fact("TicketStruckOff", receipt.number)
    ended = await _sent(town, "/mine/end", {}, cookie)
    assert "Max-Age=0" in ended.headers["Set-Cookie"]


async def test_a_matter_said_on_the_page_is_one_matter_however_often_it_is_sent(town: RunningSystem) -> None:
    form = (await town.call("portal", "GET", "/say")).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    said = hidden | {"title": "村口停水", "content": "麻阳县兰里镇进村的自来水管坏了三天，请修好。", "place": "兰里镇"}
    read = await _sent(town, "/say", said | {"to": "read"})
    assert (read.status_code, "麻阳县兰里镇进村的自来水管坏了三天，请修好。" in read.text) == (200, True)
    receipts = [await _sent(town, "/say", said | {"to": "send"}) for _ in range(2)]
    assert [each.status_code for each in receipts] == [201, 201]
    shown = {tuple(re.findall(r'<dd id="(?:number|code)">([^<]*)', each.text)) for each in receipts}
    ((number, _),) = shown
    await town.fact("TicketRegistered", number.replace(" ", ""))


async def test_the_identity_is_destroyed_from_the_page(town: RunningSystem) -> None:
    receipt = await town.submit(
        "路灯不亮", "麻阳县高村镇锦江路的路灯坏了一周，晚上看不见，请修好。", reporter={"name": "张三"}
    )
    cookie = await _opened(town, receipt)
    page = await _done(town, cookie, "erasure", understood="yes")
    assert "您的身份信息已销毁" in page
    await town.fact("TicketErased", receipt.number)
