"""The form, what was typed read back, and the receipt with number and code.

The key is made with the form: a line that breaks, a second click and a reload of the receipt register nothing twice.
"""

from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from contracts import vocabulary
from contracts.vocabulary import Language
from runtime.http.addresses import Address
from services.portal.pages.frame import forms, qr
from services.portal.pages.frame.forms import Typed, Wrong
from services.portal.pages.frame.opened import leaves_by_itself, refuse_elsewhere
from services.portal.pages.frame.parameters import Lang
from services.portal.pages.frame.render import Frame
from services.portal.pages.say import filing
from services.portal.pages.say.texts import TEXTS
from services.portal.pages.services import Json, ServiceRefused, Services

SAY = "/say"
OTHER_BODY = "other_body"
SENT = ("send", "another")
"""The buttons that register: ``another`` is a matter of its own, though the form was registered before."""


@dataclass(frozen=True, slots=True)
class FilingForm:
    """A form as it is shown. ``key``: names the submission; ``wrong``: what is to be mended, field by field."""

    key: str
    typed: Typed
    wrong: Wrong = field(default_factory=dict)
    status: int = 200


def routes(frame: Frame, services: Services) -> APIRouter:
    """Where a matter is said."""
    found, desk = APIRouter(), FilingDesk(frame, services)

    @found.get(SAY, response_class=HTMLResponse)
    async def form(lang: Lang = "zh") -> Response:
        return desk.form(FilingForm(frame.edge.fresh_key(), filing.kept({})), lang)

    @found.post(SAY, response_class=HTMLResponse)
    async def say(request: Request, address: Address, lang: Lang = "zh") -> Response:
        refuse_elsewhere(request)
        sent = await forms.typed(request)
        typed, key = filing.kept(sent), sent.get("key", "") or frame.edge.fresh_key()
        if sent.get("to") == "edit":
            return desk.form(FilingForm(key, typed), lang)
        if wrong := filing.missing(typed, desk.says("needed", lang)):
            return desk.form(FilingForm(key, typed, wrong, 422), lang)
        if sent.get("to") not in SENT:
            return desk.read_back(FilingForm(key, typed), lang)
        is_another = sent["to"] == "another"
        return await desk.send(FilingForm(frame.edge.fresh_key() if is_another else key, typed), address, lang)

    return found


class FilingDesk:
    """Shows the form, reads back, sends."""

    def __init__(self, frame: Frame, services: Services) -> None:
        self._frame, self._services, self._page = frame, services, frame.page("say", TEXTS)
        self._parts = filing.parts_of(frame.home.division)

    def says(self, text: str, language: Language) -> str:
        """A sentence of the page."""
        return self._page.texts(language)[text]

    def form(self, given: FilingForm, language: Language) -> Response:
        """To be filled in, or mended."""
        return self._shown("page.html", given.status, language, form=given, parts=self._parts)

    def read_back(self, given: FilingForm, language: Language, *, another: bool = False) -> Response:
        """What was typed, to be confirmed; ``another``: it may be a second matter."""
        return self._shown("read_back.html", given.status, language, form=given, parts=self._parts, another=another)

    async def send(self, given: FilingForm, address: str, language: Language) -> Response:
        """The receipt; or the form with what is to be mended, or what was typed once more where nobody answers."""
        body, headers = filing.body(given.typed, language), {"Idempotency-Key": given.key}
        try:
            answered = await self._services.post("intake", "/v1/submissions", body, headers=headers, address=address)
        except ServiceRefused as refused:
            return self._refused(given, refused, language)
        return self._receipt(answered.json, language)

    def _refused(self, given: FilingForm, refused: ServiceRefused, language: Language) -> Response:
        wrong = forms.wrong(refused.errors, filing.POINTERS, language)
        if wrong:
            return self.form(FilingForm(given.key, given.typed, wrong, refused.status), language)
        is_other = refused.code == OTHER_BODY
        why = self.says("other_body", language) if is_other else vocabulary.say((refused.zh, refused.en), language)
        again = FilingForm(given.key, given.typed, {"": why}, refused.status)
        return self.read_back(again, language, another=is_other)

    def _receipt(self, receipt: Json, language: Language) -> Response:
        """Number and code, which nobody else has: the matter is open in this browser from now on."""
        opened = self._frame.cookies.open(receipt["number"], receipt["query_code"])
        link = f"{self._frame.edge.site}?number={opened.number}" if self._frame.edge.site else ""
        answer = self._shown(
            "receipt.html", 201, language, opened=opened, code=opened.code, link=link, qr=qr.squares(link)
        )
        self._frame.cookies.keep(answer, opened)
        leaves_by_itself(answer, language)
        return answer

    def _shown(self, template: str, status: int, language: Language, **shown: Any) -> Response:
        return HTMLResponse(self._page.html(language, SAY, template=template, **shown), status_code=status)
