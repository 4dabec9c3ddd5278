"""What is said of people who sign in, change what they prove themselves with, or look: before it is done or shown.

The log is the audit; the key is the account. It holds no word of a matter.
"""

from contracts.entries import fact
from contracts.envelope import Body


class SignedIn(Body):
    """An account has a session. ``divisions``: in which it is appointed; ``sid``: what the session is called."""

    account: str
    sid: str
    divisions: tuple[str, ...] = ()


class SignInRefused(Body):
    """Somebody did not get in as this account. ``why``: a code; ``divisions``: in which the account is appointed."""

    account: str
    why: str
    divisions: tuple[str, ...] = ()


class CredentialChanged(Body):
    """An account is about to have another credential, or a way to one. ``change``: of accounts.CREDENTIAL_CHANGES.

    ``by``: the account that does it, "" for whoever holds the link; ``replacement``: the index of the one that it rests
    on, 0 for a first credential; ``divisions``: in which the account is appointed.
    """

    account: str
    change: str
    by: str = ""
    replacement: int = 0
    divisions: tuple[str, ...] = ()


class Looked(Body):
    """Somebody is about to see something. ``what``: a code of vocabulary.LOOKS; ``division``: for which they look.

    ``number``: of the matter, if it is one; ``reason``: why, if one has to be given; ``shown``: how many.
    """

    account: str
    role: str
    unit: str = ""
    division: str
    what: str
    number: str = ""
    reason: str = ""
    shown: int = 1


AUDIT = "audit"
ENTRIES = (
    fact(SignedIn, "staff", "intake staff", AUDIT),
    fact(SignInRefused, "staff", "intake staff", AUDIT),
    fact(CredentialChanged, "staff", "intake staff", AUDIT),
    fact(Looked, "portal staff", "intake staff", AUDIT),
)
"""Who says each message and who reads it: the ledger, which intake keeps, and staff's list for auditors."""
