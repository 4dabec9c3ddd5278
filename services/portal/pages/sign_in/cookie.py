"""The session of somebody of staff in this browser: its secret is in a cookie that no script reads.

Forms that change something carry a word made of the secret: who has not the session cannot make it.
"""

import hmac

from fastapi import Request, Response

from services.portal.pages.frame.opened import FormFromElsewhere, refuse_elsewhere

COOKIE = "__Host-duban"
LONGEST = 8 * 3600  # seconds; staff ends it sooner when it is not used


def secret_of(request: Request) -> str:
    """The session's secret, "" where there is none."""
    return request.cookies.get(COOKIE, "")


def keep(response: Response, secret: str) -> None:
    response.set_cookie(COOKIE, secret, LONGEST, secure=True, httponly=True, samesite="lax")


def end(response: Response) -> None:
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")


def word_of(secret: str) -> str:
    """What the forms of a session carry."""
    return hmac.digest(secret.encode("utf-8", "replace"), b"duban-staff-form", "sha256").hex()


def refuse_other(request: Request, secret: str, sent: str) -> None:
    """Raises FormFromElsewhere: another site's form, another session's, or one of a secret that was replaced."""
    refuse_elsewhere(request)
    if not secret or not is_word(word_of(secret), sent):
        raise FormFromElsewhere


def is_word(word: str, sent: str) -> bool:
    """Whether a form carries the word of a session."""
    return hmac.compare_digest(word.encode(), sent.encode("utf-8", "replace"))
