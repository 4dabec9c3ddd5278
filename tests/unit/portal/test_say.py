"""A matter said on the page: read back before it is sent, registered once, nothing that was typed lost."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import orjson
import pytest

from runtime.http.app import create_app
from services.portal.pages.app import add_pages
from services.portal.pages.frame.opened import COOKIE
from services.portal.pages.say import filing
from services.portal.pages.services import Services
from services.portal.site import Site
from tests.pages import edge
from tests.unit.portal.test_follow import Answers

NUMBER, CODE = "431226J53WKX24HH2P5", "QE6KEN6QGG"
KEY = "3f0c1f0e-5a1c-4c8f-9a2e-2f6f0c9b7d11"
MATTER = {"title": "停水", "content": "水管坏了\r\n三天了", "place": "兰里镇"}
PERSON = {"name": "张三", "phone": "13900000000"}


def registered(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(201, json={"number": NUMBER, "spoken": "", "query_code": CODE})


@dataclass
class FilingPages:
    """The pages over an intake that answers as the test says; ``asked``: what came to it."""

    client: httpx2.AsyncClient
    answers: Answers = registered
    asked: list[httpx2.Request] = field(default_factory=list)

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        return self.answers(request)

    async def say(self, to: str, lang: str = "zh", key: str = KEY, **typed: str) -> httpx2.Response:
        headers = {"Sec-Fetch-Site": "same-origin"}
        return await self.client.post(f"/say?lang={lang}", data=typed | {"key": key, "to": to}, headers=headers)


@pytest.fixture
async def pages() -> AsyncIterator[FilingPages]:
    async def ready() -> bool:
        return True

    app = create_app("pages", ready)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="https://portal") as client:
        made = FilingPages(client)
        services = Services(httpx2.MockTransport(lambda request: made.answer(request)))
        add_pages(
            app,
            Site(place_zh="麻阳", place_en="Mayang", division="431226"),
            services,
            edge(site="https://example.org/mine"),
        )
        yield made


async def test_nothing_is_sent_before_it_was_read_back(pages: FilingPages) -> None:
    read = await pages.say("read", **MATTER, **PERSON)
    assert (read.status_code, pages.asked) == (200, [])
    assert all(each in read.text for each in ("停水", "水管坏了\n三天了", "兰里镇", "张三", "13900000000"))
    again = await pages.say("edit", **MATTER, **PERSON)
    assert 'value="张三"' in again.text
    assert f'name="key" value="{KEY}"' in again.text
    assert pages.asked == []


async def test_what_was_left_empty_is_not_sent(pages: FilingPages) -> None:
    await pages.say("send", "en", **MATTER, name=" ", phone=" 13900000000 ")
    (sent,) = pages.asked
    assert (str(sent.url), sent.headers["Idempotency-Key"]) == ("http://intake/v1/submissions", KEY)
    reporter = {"phone": "13900000000", "channel": "sms", "language": "en"}
    assert orjson.loads(sent.read()) == {**MATTER, "content": "水管坏了\n三天了", "reporter": reporter}
    await pages.say("send", **MATTER)
    assert "reporter" not in orjson.loads(pages.asked[-1].read())


@pytest.mark.parametrize(
    ("typed", "channel"),
    [
        ({"phone": "13900000000", "email": "a@example.org"}, "sms"),
        ({"email": "a@example.org"}, "email"),
        ({"name": "张三"}, "none"),
        ({"phone": "13900000000", "channel": "none"}, "none"),
    ],
)
def test_how_people_are_told(typed: dict[str, str], channel: str) -> None:
    assert filing.body(filing.kept(typed), "zh")["reporter"]["channel"] == channel


async def test_the_receipt_has_number_and_code_large_and_the_matter_is_open(pages: FilingPages) -> None:
    receipt = await pages.say("send", **MATTER)
    assert receipt.status_code == 201
    assert ("431226 J53W KX24 HH2P5" in receipt.text, "QE6KE N6QGG" in receipt.text) == (True, True)
    assert ("我们不留底" in receipt.text, "<svg" in receipt.text) == (True, True)
    assert f"https://example.org/mine?number={NUMBER}" in receipt.text
    assert COOKIE in receipt.headers["Set-Cookie"]
    assert receipt.headers["Cache-Control"] == "no-store"


async def test_the_place_is_chosen_from_the_parts_of_the_site_or_left_open(pages: FilingPages) -> None:
    parts = filing.parts_of("431226")
    assert (parts["431226104"], "431226" in parts, {len(code) for code in parts}) == ("兰里镇", False, {9})
    assert filing.parts_of("4312")["431226"] == "麻阳苗族自治县"
    form = (await pages.client.get("/say")).text
    assert '<option value="431226104" lang="zh-CN">兰里镇</option>' in form
    read = await pages.say("read", **MATTER, division="431226104")
    assert '<span lang="zh-CN">兰里镇</span>' in read.text
    await pages.say("send", **MATTER, division="431226104")
    assert orjson.loads(pages.asked[-1].read())["division"] == "431226104"


async def test_a_reload_of_the_receipt_is_the_same_submission(pages: FilingPages) -> None:
    first, second = [await pages.say("send", **MATTER) for _ in range(2)]
    assert first.text == second.text
    assert len({(each.headers["Idempotency-Key"], each.read()) for each in pages.asked}) == 1


@pytest.mark.parametrize(("lang", "said"), [("zh", "请填写这一项。"), ("en", "Fill this in.")])
async def test_what_is_needed_is_asked_for_in_both_languages(pages: FilingPages, lang: str, said: str) -> None:
    answer = await pages.say("read", lang, content="只写了<b>经过</b>")
    assert (answer.status_code, answer.text.count(said), pages.asked) == (422, 1, [])
    assert "只写了&lt;b&gt;经过&lt;/b&gt;</textarea>" in answer.text
    assert 'aria-invalid="true" aria-describedby="title-hint title-wrong"' in answer.text


def refusing(status: int, **told: Any) -> Answers:
    problem = {"type": "x", "zh": "现在不行。", "en": "Not now."} | told
    return lambda _: httpx2.Response(status, json=problem)


@pytest.mark.parametrize("pointer", [*filing.POINTERS, "/co_reporters", ""])
async def test_whatever_the_door_complains_of_is_shown_and_what_was_typed_stays(
    pages: FilingPages, pointer: str
) -> None:
    pages.answers = refusing(422, errors=[{"pointer": pointer, "code": "x", "zh": "号码不对。", "en": "Wrong number."}])
    answer = await pages.say("send", **MATTER, **PERSON)
    assert (answer.status_code, "号码不对。" in answer.text, 'value="张三"' in answer.text) == (422, True, True)
    at = filing.POINTERS.get(pointer)
    assert at is None or f'id="{at}-wrong"' in answer.text
    assert f'name="key" value="{KEY}"' in answer.text


@pytest.mark.parametrize("status", [503, 429, 413])
async def test_what_was_not_taken_can_be_sent_again_under_the_same_key(pages: FilingPages, status: int) -> None:
    pages.answers = refusing(status)
    answer = await pages.say("send", **MATTER, **PERSON)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.text))
    assert (answer.status_code, "现在不行。" in answer.text) == (status, True)
    assert (hidden["key"], hidden["phone"], hidden["place"]) == (KEY, "13900000000", "兰里镇")
    pages.answers = registered
    assert (
        await pages.say("send", **{name: value for name, value in hidden.items() if name != "key"})
    ).status_code == 201
    assert {each.headers["Idempotency-Key"] for each in pages.asked} == {KEY}


async def test_a_form_that_was_registered_with_other_words_is_no_second_matter_unless_it_is_meant(
    pages: FilingPages,
) -> None:
    pages.answers = refusing(422, type="other_body")
    answer = await pages.say("send", **MATTER)
    assert ("就能拿到" in answer.text, 'value="another"' in answer.text) == (True, True)
    assert f'name="key" value="{KEY}"' in answer.text
    pages.answers = registered
    assert (await pages.say("another", **MATTER)).status_code == 201
    assert pages.asked[-1].headers["Idempotency-Key"] != KEY


async def test_no_other_site_registers_anything(pages: FilingPages) -> None:
    answer = await pages.client.post("/say", data=MATTER | {"to": "send"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, pages.asked) == (403, [])


async def test_each_form_has_a_key_of_its_own_that_the_door_takes(pages: FilingPages) -> None:
    keys = {re.findall(r'name="key" value="([^"]*)"', (await pages.client.get("/say")).text)[0] for _ in range(3)}
    assert len(keys) == 3
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", key) for key in keys)
