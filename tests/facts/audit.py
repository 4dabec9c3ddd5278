"""What is said of people who sign in, change credentials, and look."""

from contracts.messages import audit
from tests.facts.values import COUNTY, NUMBER, made


def signed_in(**changed: object) -> audit.SignedIn:
    return made(audit.SignedIn, changed, account="li.wei", sid="0123456789abcdef", divisions=(COUNTY,))


def sign_in_refused(**changed: object) -> audit.SignInRefused:
    return made(audit.SignInRefused, changed, account="li.wei", why="wrong_password", divisions=(COUNTY,))


def credential_changed(**changed: object) -> audit.CredentialChanged:
    given = {"account": "chen.jing", "change": "link_laid", "by": "li.wei", "replacement": 1, "divisions": (COUNTY,)}
    return made(audit.CredentialChanged, changed, **given)


def looked(**changed: object) -> audit.Looked:
    given = {"account": "li.wei", "role": "supervisor", "division": COUNTY, "what": "original", "number": NUMBER}
    return made(audit.Looked, changed, **given, reason="核对反映人的原话")
