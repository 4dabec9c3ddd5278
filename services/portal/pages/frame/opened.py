"""A matter that somebody opened with number and code, kept in a cookie for a short while.

The cookie is sealed: it tells its holder nothing, and no server keeps it. It ends when it is not used, when its time is
over, and when its holder says so; a form that changes something carries a word that only this opening has.
"""

import hmac
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from fastapi import Request, Response

from contracts.vocabulary import Language
from runtime.http.problems import Refusal
from services.portal.pages.frame.edge import Edge

COOKIE = "__Host-duban-matter"
IDLE = timedelta(minutes=10)  # people file and look from shared computers
LONGEST = timedelta(minutes=30)


class FormFromElsewhere(Refusal):
    """A form that no page of ours sent, or one of another opening."""

    def __init__(self) -> None:
        zh, en = "此页已过期，请重新打开后再试。", "This page has expired: open it again and try once more."
        super().__init__(403, "form_refused", zh, en)


@dataclass(frozen=True, slots=True)
class OpenedMatter:
    """Whose code opened what, ``since`` when (Unix seconds). ``form``: the word that forms of this opening carry."""

    number: str
    code: str
    since: int
    form: str

    @property
    def proof(self) -> dict[str, str]:
        """What an API asks for."""
        return {"Query-Code": self.code}


class MatterCookies:
    """Seals and reads the cookie."""

    def __init__(self, edge: Edge) -> None:
        self._box = MultiFernet([Fernet(urlsafe_b64encode(b64decode(each))) for each in edge.keys])
        self._edge = edge

    def open(self, number: str, code: str) -> OpenedMatter:
        """A fresh opening of a number whose code was right."""
        return OpenedMatter(number, code, self._now(), self._edge.random(16).hex())

    def read(self, request: Request) -> OpenedMatter | None:
        """The matter that is open in this browser; None when none is, or its time is over."""
        try:
            plain = self._box.decrypt_at_time(request.cookies.get(COOKIE, ""), _seconds(IDLE), self._now())
        except InvalidToken:
            return None
        opened = OpenedMatter(*orjson.loads(plain))
        return opened if self._now() - opened.since < _seconds(LONGEST) else None

    def keep(self, response: Response, opened: OpenedMatter) -> None:
        """Let the browser hold it for a while from now on."""
        plain = orjson.dumps([opened.number, opened.code, opened.since, opened.form])
        sealed = self._box.encrypt_at_time(plain, self._now()).decode()
        response.set_cookie(COOKIE, sealed, _seconds(IDLE), secure=True, httponly=True, samesite="strict")

    def end(self, response: Response) -> None:
        """Take it from the browser."""
        response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="strict")

    def _now(self) -> int:
        return int(self._edge.wall().timestamp())


def refuse_elsewhere(request: Request) -> None:
    """Raises FormFromElsewhere when the browser says that another site's page sent the form."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise FormFromElsewhere


def refuse_other_form(opened: OpenedMatter, sent: str) -> None:
    """Raises FormFromElsewhere unless ``sent`` is the word of this opening."""
    if not hmac.compare_digest(opened.form.encode(), sent.encode("utf-8", "replace")):
        raise FormFromElsewhere


def leaves_by_itself(response: Response, language: Language) -> None:
    """A page that shows a matter does not stay on the screen when nobody is there any more."""
    response.headers["Refresh"] = f"{_seconds(IDLE)}; url=/mine?ended=true&lang={language}"


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
