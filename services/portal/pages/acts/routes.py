"""A form each, sent to the service that decides; what it says is shown at the form, and what was typed stays."""

from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from contracts import vocabulary
from contracts.vocabulary import Language
from runtime.http.addresses import Address
from services.portal.pages.acts.acts import ACTS, UNDERSTOOD, ReporterAct
from services.portal.pages.acts.texts import TEXTS
from services.portal.pages.frame import forms
from services.portal.pages.frame.forms import Typed, Wrong
from services.portal.pages.frame.opened import OpenedMatter, refuse_elsewhere, refuse_other_form
from services.portal.pages.frame.parameters import MATTER, Lang, to
from services.portal.pages.frame.render import Frame, Page
from services.portal.pages.mine import opening
from services.portal.pages.mine.opening import NotOpened
from services.portal.pages.services import Answered, ServiceRefused, Services

SPENT = (409, 422)
"""A request under this key was decided, or sent with other words: the next one is another request."""


@dataclass(frozen=True, slots=True)
class ActForm:
    """A form as it is shown. ``opened`` None: it asks for number and code again. ``key``: names the request."""

    act: str
    key: str
    opened: OpenedMatter | None
    typed: Typed = field(default_factory=dict)
    wrong: Wrong = field(default_factory=dict)
    status: int = 200


def routes(frame: Frame, services: Services) -> APIRouter:
    """The forms of all acts."""
    page, cookies, found = frame.page("acts", TEXTS), frame.cookies, APIRouter()
    sending = Sending(frame, page, services)

    @found.get(MATTER + "/{act}", response_class=HTMLResponse)
    async def act_page(act: str, request: Request, lang: Lang = "zh") -> Response:
        _known(act)
        opened = cookies.read(request)
        if opened is None:
            return to("/mine", lang, ended="true")
        return sending.shown(ActForm(act, frame.edge.fresh_key(), opened), lang)

    @found.post(MATTER + "/{act}", response_class=HTMLResponse)
    async def send(act: str, request: Request, address: Address, lang: Lang = "zh") -> Response:
        _known(act)
        refuse_elsewhere(request)
        return await sending.send(act, request, address, lang)

    return found


class Sending:
    """What happens to a form that was sent."""

    def __init__(self, frame: Frame, page: Page, services: Services) -> None:
        self._frame, self._page, self._services = frame, page, services

    def shown(self, form: ActForm, language: Language) -> Response:
        """The form; whoever has a matter open keeps it so."""
        path = f"{MATTER}/{form.act}"
        shown: dict[str, Any] = {"form": form, "opened": form.opened, "act": form.act, "final": ACTS[form.act].final}
        answer = HTMLResponse(self._page.html(language, path, **shown), status_code=form.status)
        if form.opened is not None:
            self._frame.cookies.keep(answer, form.opened)
        return answer

    async def send(self, act: str, request: Request, address: str, language: Language) -> Response:
        """Where the outcome is shown, or the form again with what is wrong."""
        sent = await forms.typed(request)
        key = sent.get("key", "") or self._frame.edge.fresh_key()
        try:
            opened = await self._opened(request, sent, address)
        except NotOpened as why:
            wrong = {"code": self._page.texts(language)[why.text]}
            return self.shown(ActForm(act, key, None, sent, wrong, why.status), language)
        form = ActForm(act, key, opened, sent)
        if ACTS[act].final and UNDERSTOOD not in sent:
            wrong = {UNDERSTOOD: self._page.texts(language)["not_understood"]}
            return self.shown(ActForm(act, key, opened, sent, wrong, 422), language)
        return await self._asked(form, address, language)

    async def _opened(self, request: Request, sent: Typed, address: str) -> OpenedMatter:
        """The matter that is open here, or that number and code in the form open. Raises NotOpened."""
        opened = self._frame.cookies.read(request)
        if "code" in sent or opened is None:
            if "code" not in sent:
                raise NotOpened("again", 403)
            return await opening.opened(self._services, self._frame.cookies, sent, address)
        refuse_other_form(opened, sent.get("form", ""))
        return opened

    async def _asked(self, form: ActForm, address: str, language: Language) -> Response:
        act, opened = ACTS[form.act], form.opened
        assert opened is not None
        try:
            answered = await self._posted(act, opened, form, address)
        except ServiceRefused as refused:
            return self.shown(self._again(form, refused, language), language)
        asked = {"of": form.act, "sent": str(answered.json["request"]), "asked": answered.asked_at}
        answer = to(MATTER, language, **asked)
        self._frame.cookies.keep(answer, opened)
        return answer

    async def _posted(self, act: ReporterAct, opened: OpenedMatter, form: ActForm, address: str) -> Answered:
        path, headers = f"/v1/tickets/{opened.number}/{act.row.path}", opened.proof | {"Idempotency-Key": form.key}
        return await self._services.post(act.row.service, path, act.body(form.typed), headers=headers, address=address)

    def _again(self, form: ActForm, refused: ServiceRefused, language: Language) -> ActForm:
        """The form with what its service said; under another key where this one is spent."""
        wrong = forms.wrong(refused.errors, ACTS[form.act].fields, language)
        wrong = wrong or {"": vocabulary.say((refused.zh, refused.en), language)}
        key = self._frame.edge.fresh_key() if refused.status in SPENT else form.key
        return ActForm(form.act, key, form.opened, form.typed, wrong, refused.status)


def _known(act: str) -> None:
    if act not in ACTS:
        raise HTTPException(404)
