"""A form each, sent with the token of whoever is signed in; what its service says is shown at the form.

What was typed is never lost: not when the session has ended meanwhile, nor when nobody answers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from contracts import vocabulary
from contracts.vocabulary import Language
from runtime.http.addresses import Address
from services.portal.pages.desk_acts import choices, fields
from services.portal.pages.desk_acts.acts import DESK_ACTS, DeskAct, body_of, path_of, pointers_of
from services.portal.pages.desk_acts.call import curl_of
from services.portal.pages.desk_acts.choices import Offered
from services.portal.pages.desk_acts.fields import FormField
from services.portal.pages.desk_acts.texts import TEXTS
from services.portal.pages.frame import forms
from services.portal.pages.frame.forms import StaffForm, Typed
from services.portal.pages.frame.opened import FormFromElsewhere, refuse_elsewhere
from services.portal.pages.frame.parameters import KnownNumber, Lang, to
from services.portal.pages.frame.render import Frame
from services.portal.pages.services import Json, ServiceRefused, Services
from services.portal.pages.sign_in import cookie
from services.portal.pages.sign_in.acting import ActingStaff, acting

FORM = "/desk/{number}/{act}"
SPENT = (409, 422)
"""A request under this key was decided, or sent with other words: the next one is another request."""
IN_A_PATH = re.compile(r"[0-9A-Za-z*-]{1,60}")
HIDDEN = ("form", "to")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskForm(StaffForm):
    """The form for one matter. ``key``: of its request."""

    number: str


def routes(frame: Frame, services: Services) -> APIRouter:
    """The forms of all acts of staff."""
    found, desk = APIRouter(), ActDesk(frame)

    @found.get(FORM, response_class=HTMLResponse)
    async def act_page(
        number: KnownNumber, act: str, request: Request, address: Address, lang: Lang = "zh"
    ) -> Response:
        _known(act)
        who = await acting(services, request, address)
        return to("/staff", lang) if who is None else await desk.first(who, number, act, lang)

    @found.post(FORM, response_class=HTMLResponse)
    async def send(number: KnownNumber, act: str, request: Request, address: Address, lang: Lang = "zh") -> Response:
        _known(act)
        refuse_elsewhere(request)
        sent = await forms.typed(request)
        form = DeskForm(act=act, number=number, key=sent.get("key", "") or frame.edge.fresh_key(), typed=sent)
        who = await acting(services, request, address)
        if who is None:
            return desk.kept(form, lang)
        if not cookie.is_word(who.word, sent.get("form", "")):
            return await desk.again(who, form, lang, "stale", 403)
        return await desk.sent(who, form, lang)

    return found


class ActDesk:
    """Shows the form of an act, and sends it."""

    def __init__(self, frame: Frame) -> None:
        self._edge, self._page = frame.edge, frame.page("desk_acts", TEXTS)

    async def first(self, who: ActingStaff, number: str, act: str, language: Language) -> Response:
        """The empty form; or why it is not sent now."""
        told = (await who.ask("portal", f"/v1/tickets/{number}/actions")).json
        if closed := self._closed(act, who, told, language):
            return self._not_now(who, number, act, closed, language)
        found = await choices.offered(DESK_ACTS[act], who, number)
        if any(not found[each.name] for each in DESK_ACTS[act].fields if each.source and not each.optional):
            return self._not_now(who, number, act, self._says("nothing_to_choose", language), language)
        typed = _typed_at_first(DESK_ACTS[act], found, datetime.fromisoformat(told["now"]))
        form = DeskForm(act=act, number=number, key=self._edge.fresh_key(), typed=typed)
        return self._shown(who, form, found, language)

    def kept(self, form: DeskForm, language: Language) -> Response:
        """Nobody is signed in: what was typed stays, to be sent once somebody is."""
        typed = {name: each for name, each in form.typed.items() if name not in HIDDEN}
        kept = replace(form, typed=typed, status=401)
        return self._html("kept.html", language, kept, act=DESK_ACTS[form.act])

    async def sent(self, who: ActingStaff, form: DeskForm, language: Language) -> Response:
        """Where the outcome is asked after; or the form again with what is wrong, or with its call."""
        act = DESK_ACTS[form.act]
        missing = {each.name: self._says("choose", language) for each in act.fields if _is_missing(each, form)}
        if missing:
            return await self._again(who, replace(form, wrong=missing, status=422), language)
        if form.typed.get("to") == "call":
            return await self._again(who, replace(form, calls=True), language)
        return await self._asked(who, form, language)

    async def again(self, who: ActingStaff, form: DeskForm, language: Language, text: str, status: int) -> Response:
        """The form with what was typed, and a sentence why it was not sent."""
        return await self._again(who, replace(form, wrong={"": self._says(text, language)}, status=status), language)

    async def _asked(self, who: ActingStaff, form: DeskForm, language: Language) -> Response:
        act = DESK_ACTS[form.act]
        try:
            path = path_of(act, form.number, form.typed)
            answered = await who.send(act.service, path, body_of(act, form.typed), form.key)
        except ServiceRefused as refused:
            return await self._again(who, self._refused(form, refused, language), language)
        asked = {"of": form.act, "sent": str(answered.json["request"]), "asked": answered.asked_at}
        return to(f"/desk/{form.number}/asked", language, **asked)

    def _refused(self, form: DeskForm, refused: ServiceRefused, language: Language) -> DeskForm:
        """The form with what its service said; under another key where this one is spent."""
        wrong = forms.wrong(refused.errors, pointers_of(DESK_ACTS[form.act], form.typed), language)
        wrong = wrong or {"": vocabulary.say((refused.zh, refused.en), language) or self._says("refused", language)}
        key = self._edge.fresh_key() if refused.status in SPENT else form.key
        return replace(form, wrong=wrong, key=key, status=refused.status)

    async def _again(self, who: ActingStaff, form: DeskForm, language: Language) -> Response:
        """Where nobody says what may be chosen, what was chosen stays."""
        try:
            found: Mapping[str, list[Offered]] = await choices.offered(DESK_ACTS[form.act], who, form.number)
        except ServiceRefused:
            found = {}
        return self._shown(who, form, found, language)

    def _closed(self, act: str, who: ActingStaff, told: Json, language: Language) -> str:
        """Why the act is not possible now, "" when it is. Raises a 404 where the role has no such act."""
        request = DESK_ACTS[act].request
        if not request:
            return "" if who.role in DESK_ACTS[act].roles else _unknown()
        offered = next((each for each in told["actions"] if each["request"] == request), None)
        if offered is None:
            return _unknown()
        return "" if offered["now"] else vocabulary.say((offered["zh"], offered["en"]), language)

    def _not_now(self, who: ActingStaff, number: str, act: str, why: str, language: Language) -> Response:
        form = DeskForm(act=act, number=number, key="")
        return self._html("not_now.html", language, form, who=who, act=DESK_ACTS[act], why=why)

    def _shown(
        self, who: ActingStaff, form: DeskForm, found: Mapping[str, list[Offered]], language: Language
    ) -> Response:
        act = DESK_ACTS[form.act]
        shown: dict[str, Any] = {"who": who, "act": act, "pieces": fields.PIECES}
        shown["options"] = {each.name: _options(each, found, form.typed) for each in act.fields}
        shown["labels"] = {each.name: self._label(form.act, each.name, language) for each in act.fields}
        call = curl_of(act, form.number, form.typed, form.key)
        return self._html("page.html", language, form, call=call, **shown)

    def _label(self, act: str, name: str, language: Language) -> str:
        said = self._page.texts(language)
        return said.get(f"label_{act}_{name}") or said.get(f"label_{name}", "")

    def _html(self, template: str, language: Language, form: DeskForm, **shown: Any) -> Response:
        path = FORM.format(number=form.number, act=form.act)
        html = self._page.html(language, path, template=template, form=form, **shown)
        return HTMLResponse(html, status_code=form.status)

    def _says(self, text: str, language: Language) -> str:
        return self._page.texts(language)[text]


def _typed_at_first(act: DeskAct, found: Mapping[str, list[Offered]], now: datetime) -> Typed:
    typed = {name: each for of in act.fields for name, each in fields.typed_at_first(of, now).items()}
    only = {each.name: found[each.name][0].code for each in act.fields if each.source and len(found[each.name]) == 1}
    return typed | only


def _options(of: FormField, found: Mapping[str, list[Offered]], typed: Typed) -> list[Offered]:
    if not of.source:
        return [Offered(code, pair) for code, pair in of.options.items()]
    kept = typed.get(of.name, "")
    return list(found.get(of.name) or ([Offered(kept, (kept, kept))] if kept else []))


def _is_missing(each: FormField, form: DeskForm) -> bool:
    """Whether an address lacks what was to be chosen. Raises FormFromElsewhere: nobody can choose such a thing."""
    if not (each.in_path or each.kind == "item"):
        return False
    chosen = form.typed.get(each.name, "")
    if chosen and not IN_A_PATH.fullmatch(chosen.partition(".")[0]):
        raise FormFromElsewhere
    return not chosen


def _known(act: str) -> None:
    if act not in DESK_ACTS:
        raise HTTPException(404)


def _unknown() -> str:
    raise HTTPException(404)
