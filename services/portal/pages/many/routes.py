"""Many matters at once: what was ticked in the inbox, one form for all, and what came of each. No script is needed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from contracts.identifiers import NumberMalformed
from contracts.vocabulary import Language
from runtime.http.addresses import Address
from services.portal.pages.desk_acts import fields
from services.portal.pages.desk_acts.call import curl_of
from services.portal.pages.desk_acts.choices import Offered
from services.portal.pages.desk_acts.fields import FormField
from services.portal.pages.frame import forms
from services.portal.pages.frame.forms import StaffForm
from services.portal.pages.frame.opened import refuse_elsewhere
from services.portal.pages.frame.parameters import Lang, to
from services.portal.pages.frame.render import Frame
from services.portal.pages.many import sending
from services.portal.pages.many.acts import AT_MOST, MANY, fault_of, inputs_of, lacking, numbers_of, takes_many
from services.portal.pages.many.for_all import offered
from services.portal.pages.many.sending import DONE, REFUSED, WAITS, MatterOutcome
from services.portal.pages.many.texts import TEXTS
from services.portal.pages.services import ServiceRefused, Services
from services.portal.pages.sign_in import cookie
from services.portal.pages.sign_in.acting import ActingStaff, acting

PATH = "/desk/many"
HIDDEN = ("form", "to")
Act = Annotated[str, Query(max_length=40)]
Ticked = Annotated[list[str] | None, Query(alias="n")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyForm(StaffForm):
    """The form for all of them. ``key``: what the keys of all requests are made of."""

    numbers: tuple[str, ...]


def routes(frame: Frame, services: Services) -> APIRouter:
    """The form, behind the session of whoever is signed in."""
    found, desk = APIRouter(), ManyDesk(frame)

    @found.get(PATH, response_class=HTMLResponse)
    async def chosen(
        request: Request, address: Address, lang: Lang = "zh", act: Act = "", ticked: Ticked = None
    ) -> Response:
        who = await acting(services, request, address)
        if who is None:
            return to("/staff", lang)
        form = ManyForm(act=_known(act, who), numbers=_numbers(ticked or ()), key=frame.edge.fresh_key())
        fault = fault_of(form.numbers)
        return to("/desk", lang, said=fault) if fault else await desk.first(who, form, lang)

    @found.post(PATH, response_class=HTMLResponse)
    async def send(request: Request, address: Address, lang: Lang = "zh") -> Response:
        refuse_elsewhere(request)
        sent = await forms.typed(request)
        numbers, key = _numbers(sent.get("numbers", "").split(",")), sent.get("key", "") or frame.edge.fresh_key()
        form = ManyForm(act=_known(sent.get("act", "")), numbers=numbers, key=key, typed=sent)
        if fault := fault_of(form.numbers):
            return to("/desk", lang, said=fault)
        who = await acting(services, request, address)
        if who is None:
            return desk.kept(form, lang)
        _known(form.act, who)
        if not cookie.is_word(who.word, sent.get("form", "")):
            return await desk.stale(who, form, lang)
        return await desk.sent(who, form, lang)

    return found


class ManyDesk:
    """Shows the form for many, sends it, and shows what came of each."""

    def __init__(self, frame: Frame) -> None:
        self._page = frame.page("many", TEXTS)

    async def first(self, who: ActingStaff, form: ManyForm, language: Language) -> Response:
        """The form, with what may be chosen for all of them. Raises ServiceRefused."""
        found = await offered(form.act, who, form.numbers)
        only = {name: each[0].code for name, each in found.items() if len(each) == 1}
        return self._shown(who, replace(form, typed=only), found, language)

    def kept(self, form: ManyForm, language: Language) -> Response:
        """Nobody is signed in: what was chosen stays, to be sent once somebody is."""
        typed = {name: each for name, each in form.typed.items() if name not in HIDDEN}
        kept = replace(form, typed=typed, status=401)
        return self._html(kept, language, template="kept.html")

    async def stale(self, who: ActingStaff, form: ManyForm, language: Language) -> Response:
        """The form with what was chosen: another session's form sends nothing."""
        wrong = {"": self._page.texts(language)["stale"]}
        return await self._again(who, replace(form, wrong=wrong, status=403), language)

    async def sent(self, who: ActingStaff, form: ManyForm, language: Language) -> Response:
        """What came of each, and the same form to ask again; or the form with what is wrong, or with its call."""
        act = MANY[form.act]
        if form.typed.get("to") == "call":
            return await self._again(who, replace(form, calls=True), language)
        said = self._page.texts(language)
        wrong = {each.name: said["fill_in" if each.kind == "words" else "choose"] for each in lacking(act, form.typed)}
        if wrong:
            return await self._again(who, replace(form, wrong=wrong, status=422), language)
        outcomes = await sending.sent(act, who, form.numbers, form.typed, form.key)
        return self._told(who, form, outcomes, language)

    async def _again(self, who: ActingStaff, form: ManyForm, language: Language) -> Response:
        """Where nobody says what may be chosen, what was chosen stays."""
        try:
            found = await offered(form.act, who, form.numbers)
        except ServiceRefused:
            kept = ((each.name, form.typed.get(each.name, "")) for each in MANY[form.act].fields if each.source)
            found = {name: [Offered(code, (code, code))] for name, code in kept if code}
        return self._shown(who, form, found, language)

    def _shown(
        self, who: ActingStaff, form: ManyForm, found: Mapping[str, list[Offered]], language: Language
    ) -> Response:
        act, said = MANY[form.act], self._page.texts(language)
        shown: dict[str, Any] = {"who": who, "outcomes": (), "pieces": fields.PIECES}
        shown["options"] = {each.name: _options(each, found) for each in act.fields}
        shown["labels"] = {each.name: said[f"label_{each.name}"] for each in act.fields}
        shown["impossible"] = any(each.source and not each.optional and not found.get(each.name) for each in act.fields)
        shown |= {"at_once": takes_many(act), "portion": AT_MOST if takes_many(act) else sending.AT_ONCE}
        return self._html(form, language, call=_call(form), **shown)

    def _told(
        self, who: ActingStaff, form: ManyForm, outcomes: Sequence[MatterOutcome], language: Language
    ) -> Response:
        counted = Counter(each.what for each in outcomes)
        came = {what: counted[what] for what in (DONE, REFUSED, WAITS)}
        kept = {name: form.typed.get(name, "") for name in inputs_of(MANY[form.act])}
        return self._html(form, language, who=who, outcomes=outcomes, came=came, kept=kept)

    def _html(self, form: ManyForm, language: Language, template: str = "page.html", **shown: Any) -> Response:
        html = self._page.html(language, PATH, template=template, form=form, act=MANY[form.act], **shown)
        return HTMLResponse(html, status_code=form.status)


def _options(of: FormField, found: Mapping[str, list[Offered]]) -> list[Offered]:
    return list(found.get(of.name, ())) if of.source else [Offered(code, pair) for code, pair in of.options.items()]


def _call(form: ManyForm) -> str:
    """The call for all of them, or for the first one."""
    act, first = MANY[form.act], form.numbers[0]
    of, together = ("", form.numbers) if takes_many(act) else (first, ())
    return curl_of(act, first, form.typed, sending.key_of(form.key, act, form.typed, of), together)


def _known(act: str, who: ActingStaff | None = None) -> str:
    """The act. Raises a 404 where there is none, or none for the role."""
    if act not in MANY or (who is not None and who.role not in MANY[act].roles):
        raise HTTPException(404)
    return act


def _numbers(ticked: Iterable[str]) -> tuple[str, ...]:
    """As the address of a matter has it: what is no number is a 404, and asked of nobody."""
    try:
        return numbers_of(ticked)
    except NumberMalformed:
        raise HTTPException(404) from None
