"""Staff sign in, choose by which appointment they act, see their sessions and end them; a first password by a link."""

import re
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from contracts import accounts, vocabulary
from contracts.vocabulary import CHINA, Language
from runtime.http.addresses import Address
from services.portal.pages.frame import forms, qr
from services.portal.pages.frame.opened import FormFromElsewhere, refuse_elsewhere
from services.portal.pages.frame.parameters import Lang, to
from services.portal.pages.frame.render import Frame, Page
from services.portal.pages.services import Json, ServiceRefused, Services
from services.portal.pages.sign_in import cookie
from services.portal.pages.sign_in.texts import TEXTS

STAFF, HERE, PASSWORD, FACTOR = "staff", "/staff", "/staff/password", "/staff/second-factor"
SAID = ("password_set", "signed_out")
REPLACED = "credential_replaced"
AGAIN = (422, 429)  # what was typed is to be mended, or to be tried later
TYPED_AT_MOST = 100
SID = re.compile(r"[0-9a-f]{16}")
INDEX = re.compile(r"[0-9]{1,4}")
Link = Annotated[str, Query(max_length=TYPED_AT_MOST)]


def routes(frame: Frame, services: Services) -> APIRouter:
    page, found = frame.page("sign_in", TEXTS), APIRouter()
    _signing_in(found, page, services)
    _acting(found, services)
    _second_factor(found, page, services)
    _passwords(found, page, services)
    return found


def _signing_in(found: APIRouter, page: Page, services: Services) -> None:
    @found.get(HERE, response_class=HTMLResponse)
    async def desk(request: Request, address: Address, lang: Lang = "zh", said: Link = "") -> Response:
        secret = cookie.secret_of(request)
        try:
            told = await _session(services, secret, address)
        except ServiceRefused as why:
            return _form(page, lang, problem=_ended(why, lang))
        if told is None:
            return _form(page, lang, notice=said if said in SAID else "")
        return HTMLResponse(page.html(lang, HERE, template="page.html", **_shown(told, secret, lang)))

    @found.post(HERE, response_class=HTMLResponse)
    async def sign_in(request: Request, address: Address, lang: Lang = "zh") -> Response:
        refuse_elsewhere(request)
        sent = await forms.typed(request)
        code = sent.get("code", "").replace(" ", "")
        body = {"account": sent.get("account", "").strip(), "password": sent.get("password", ""), "code": code}
        try:
            told = (await services.post(STAFF, "/v1/sessions", body, headers={}, address=address)).json
        except ServiceRefused as why:
            return _form(page, lang, body["account"], _said(why, lang), status=why.status)
        answer = to(HERE, lang)
        cookie.keep(answer, told["session"])
        return answer


def _acting(found: APIRouter, services: Services) -> None:
    @found.post("/staff/choice")
    async def choose(request: Request, address: Address, lang: Lang = "zh") -> Response:
        """Act by another appointment: the session goes on under a new secret."""
        sent, secret = await _sent(request)
        body = {"appointment": int(_fitting(INDEX, sent.get("appointment", "")))}
        headers = {"Session": secret}
        path = "/v1/sessions/appointment"
        told = (await services.post(STAFF, path, body, headers=headers, address=address)).json
        answer = to(HERE, lang)
        cookie.keep(answer, told["session"])
        return answer

    @found.post("/staff/end")
    async def end(request: Request, address: Address, lang: Lang = "zh") -> Response:
        """End one session, this one or another, or all of the account."""
        sent, secret = await _sent(request)
        sid = sent.get("sid", "")
        path = f"/v1/sessions/{_fitting(SID, sid)}" if sid != "all" else "/v1/sessions"
        await services.delete(STAFF, path, headers={"Session": secret}, address=address)
        is_own = await _session(services, secret, address) is None
        answer = to(HERE, lang, said="signed_out") if is_own else to(HERE, lang)
        if is_own:
            cookie.end(answer)
        return answer


def _second_factor(found: APIRouter, page: Page, services: Services) -> None:
    @found.post(FACTOR, response_class=HTMLResponse)
    async def begin(request: Request, address: Address, lang: Lang = "zh") -> Response:
        """What an authenticator reads; the same again when the page is loaded anew."""
        _, secret = await _sent(request)
        return await _factor_form(page, services, secret, address, lang)

    @found.post(f"{FACTOR}/code", response_class=HTMLResponse)
    async def confirm(request: Request, address: Address, lang: Lang = "zh") -> Response:
        """A first code: the session goes on under a new secret, and all others of the account end."""
        sent, secret = await _sent(request)
        body, headers = {"code": sent.get("code", "").replace(" ", "")}, {"Session": secret}
        path = "/v1/sessions/second-factor/confirmation"
        try:
            told = (await services.post(STAFF, path, body, headers=headers, address=address)).json
        except ServiceRefused as why:
            if why.status not in AGAIN:
                raise
            return await _factor_form(page, services, secret, address, lang, why)
        answer = to(HERE, lang)
        cookie.keep(answer, told["session"])
        return answer


async def _factor_form(
    page: Page, services: Services, secret: str, address: str, language: Language, why: ServiceRefused | None = None
) -> Response:
    asked = await services.post(STAFF, "/v1/sessions/second-factor", None, headers={"Session": secret}, address=address)
    problem, status = (_said(why, language), why.status) if why else ("", 200)
    shown: dict[str, Any] = {
        "told": asked.json,
        "qr": qr.squares(asked.json["address"]),
        "form": cookie.word_of(secret),
    }
    html = page.html(language, HERE, template="second_factor.html", problem=problem, **shown)
    return HTMLResponse(html, status_code=status)


def _passwords(found: APIRouter, page: Page, services: Services) -> None:
    @found.get(PASSWORD, response_class=HTMLResponse)
    async def link(lang: Lang = "zh", link: Link = "") -> Response:
        return _password_form(page, lang, link)

    @found.post(PASSWORD, response_class=HTMLResponse)
    async def set_password(request: Request, address: Address, lang: Lang = "zh") -> Response:
        refuse_elsewhere(request)
        sent = await forms.typed(request)
        body = {"link": sent.get("link", ""), "password": sent.get("password", "")}
        try:
            await services.post(STAFF, "/v1/passwords", body, headers={}, address=address)
        except ServiceRefused as why:
            return _password_form(page, lang, body["link"], _said(why, lang), status=why.status)
        return to(HERE, lang, said="password_set")


async def _sent(request: Request) -> tuple[forms.Typed, str]:
    """What a form of this session sent, and the session's secret. Raises FormFromElsewhere."""
    sent, secret = await forms.typed(request), cookie.secret_of(request)
    cookie.refuse_other(request, secret, sent.get("form", ""))
    return sent, secret


def _fitting(form: re.Pattern[str], sent: str) -> str:
    """What only a changed form does not have. Raises FormFromElsewhere."""
    if not form.fullmatch(sent):
        raise FormFromElsewhere
    return sent


async def _session(services: Services, secret: str, address: str) -> Json | None:
    """The session as staff tells it; None when it has ended, or there is none. Raises ServiceRefused: 503, REPLACED."""
    if not secret:
        return None
    try:
        return (await services.ask(STAFF, "/v1/sessions", headers={"Session": secret}, address=address)).json
    except ServiceRefused as why:
        if why.status == 401 and why.code != REPLACED:
            return None
        raise


def _ended(why: ServiceRefused, language: Language) -> str:
    """Why the session has ended, where its holder is to be told. Raises whatever else is refused."""
    if why.code != REPLACED:
        raise why
    return _said(why, language)


def _form(
    page: Page, language: Language, account: str = "", problem: str = "", notice: str = "", status: int = 200
) -> Response:
    typed = account[:TYPED_AT_MOST]
    html = page.html(language, HERE, template="form.html", account=typed, problem=problem, notice=notice)
    return HTMLResponse(html, status_code=status)


def _password_form(page: Page, language: Language, link: str, problem: str = "", status: int = 200) -> Response:
    html = page.html(language, PASSWORD, template="password.html", link=link[:TYPED_AT_MOST], problem=problem)
    return HTMLResponse(html, status_code=status)


def _said(why: ServiceRefused, language: Language) -> str:
    """What the service says of the field that is wrong, or of the whole."""
    first = why.errors[0] if why.errors else {"zh": why.zh, "en": why.en}
    return vocabulary.say((first["zh"], first["en"]), language)


def _shown(told: Json, secret: str, language: Language) -> dict[str, Any]:
    return {
        "told": told,
        "form": cookie.word_of(secret),
        "asked_for_a_code": () if told["proved"] else accounts.ASKED_FOR_A_CODE,
        "roles": {code: vocabulary.say(pair, language) for code, pair in vocabulary.ROLES.items()},
        "credentials": {code: vocabulary.say(pair, language) for code, pair in accounts.CREDENTIALS.items()},
        "replaced_at": {each["index"]: _when(each["at"]) for each in told["replacements"]},
        "times": {each["sid"]: (_when(each["opened"]), _when(each["seen"])) for each in told["sessions"]},
    }


def _when(instant: str) -> str:
    return datetime.fromisoformat(instant).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
