"""Ticket ids, registration numbers (登记号) and query codes (查询码): the forms that every service agrees on.

Everything secret is handed in. Ids are built from parts with lengths, so that no two lists of parts give one id.
"""

import base64
import hashlib
import hmac
import re

from stdnum.iso7064 import mod_37_36

from runtime import reading_form

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAIRS = tuple(first + second for first in CROCKFORD for second in CROCKFORD)  # ten bits at a time
NOT_HEARD = re.compile(r"[\s\-\u2010-\u2015\u2212]+")  # blanks, hyphens and dashes between the groups
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
ALIKE = frozenset("0O1IL")  # check characters that are taken for one another, so that a wrong one may fit
TURNS_AT_MOST = 40  # ids of a key that are tried: that none does is as likely as (5/36)^40
ID_LENGTH = 26  # characters: 130 bits
ID_IN_NUMBER = 12  # characters: 60 bits of the id are in the number
DIVISION_LENGTH = 6
NUMBER_LENGTH = DIVISION_LENGTH + ID_IN_NUMBER + 1
READ_AS_A_FLOAT = "0123456789E"  # spreadsheets and XML readers round a text of these: see findings/README.md
CODE_LENGTH = 10  # characters: 50 bits; guessing is rate-limited


class NumberMalformed(ValueError):
    """No registration number: ask the reporter to read it again; the check character finds one wrong character.

    Only numbers given out before ``clear_ticket_id`` may end in 0, O, 1, I or L, and hide a wrong one now and then.
    """

    code, zh = "number_malformed", "登记号不对，请核对。"


WRONG_CODE = "登记号或查询码不正确，请核对后再试。", "Number or query code is wrong. Check both and try again."
TOO_MANY_CODES = "查询码错误次数过多，请十分钟后再试。", "Too many wrong codes: try again in ten minutes."


def keyed(secret: bytes, *parts: str | bytes) -> bytes:
    """HMAC-SHA256 over the parts with their lengths."""
    raws = [part.encode() if isinstance(part, str) else part for part in parts]
    return hmac.digest(secret, b"".join(len(raw).to_bytes(4, "big") + raw for raw in raws), "sha256")


def hash_of(*parts: str) -> str:
    """SHA-256 over the parts with their lengths, in hex."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode()
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()


def crockford(raw: bytes, length: int) -> str:
    """The first ``length`` characters of ``raw`` in Crockford's base 32; 5 bytes are 8 characters."""
    groups = (length + 7) // 8
    bits = int.from_bytes(raw[: groups * 5].ljust(groups * 5, b"\0"), "big")
    return "".join([PAIRS[bits >> shift & 1023] for shift in range(groups * 40 - 10, -1, -10)])[:length]


def ticket_id(secret: bytes, channel: str, principal: str, key: str) -> str:
    """The id of the ticket that a principal opens through a channel with a key. The secret is never rotated.

    Its part in the number has a letter other than E, so that no reader makes a float of the number.
    """
    return _drawn(secret, channel, principal, key)


def _drawn(secret: bytes, *parts: str) -> str:
    drawn = crockford(keyed(secret, *parts), ID_LENGTH)
    while not drawn[:ID_IN_NUMBER].strip(READ_AS_A_FLOAT):  # two in a million, and as rarely again
        drawn = crockford(keyed(secret, drawn), ID_LENGTH)
    return drawn


def clear_ticket_id(secret: bytes, channel: str, principal: str, key: str, division: str) -> str:
    """The first id of a key whose number in ``division`` ends in a character that looks and sounds like no other.

    It is ``ticket_id`` itself for 31 keys of 36.
    """
    ticket = ticket_id(secret, channel, principal, key)
    for turn in range(1, TURNS_AT_MOST):
        if number_of(ticket, division)[-1] not in ALIKE:
            break
        ticket = _drawn(secret, channel, principal, key, str(turn))
    return ticket


def number_of(ticket: str, division: str) -> str:
    """The registration number: division of the door (6 digits), 12 characters of the id, a check character.

    Valid by ISO 7064 mod 37,36 as it stands, so that any other system can check it too.
    """
    bare = division.ljust(DIVISION_LENGTH, "0")[:DIVISION_LENGTH] + ticket[:ID_IN_NUMBER]
    return bare + _check(bare)


def parse_number(text: str) -> str:
    """The number in what somebody typed or read out: spaces, hyphens, lower case, O for 0, I and L for 1 are fine.

    Raises NumberMalformed when the length, a character or the check character is wrong.
    """
    compact = _heard(text)
    if len(compact) != NUMBER_LENGTH or not compact[:DIVISION_LENGTH].isdigit():
        raise NumberMalformed("a registration number has 6 digits, 12 letters or digits, and a check character")
    check = _check(compact[:-1])
    if check.translate(READ_AS) != compact[-1]:
        raise NumberMalformed("the check character does not fit: one character is probably wrong")
    return compact[:-1] + check


def _check(bare: str) -> str:
    """The check character: it alone may be O, I or L. Raises NumberMalformed for what is no letter or digit."""
    try:
        return str(mod_37_36.calc_check_digit(bare))
    except ValueError:
        raise NumberMalformed("a registration number has letters and digits only") from None


def _heard(text: str) -> str:
    """What somebody typed or read out, without the differences that nobody can see or hear."""
    return NOT_HEARD.sub("", reading_form.fold(text)).upper().translate(READ_AS)


def spoken(number: str) -> str:
    """The number in groups, as it is shown and read out."""
    return f"{number[:6]} {number[6:10]} {number[10:14]} {number[14:]}"


def prefix_of(number: str) -> str:
    """The beginning of the ticket id, for a range look-up on the primary key."""
    return number[DIVISION_LENGTH : DIVISION_LENGTH + ID_IN_NUMBER]


def query_code(secret: bytes, ticket: str, body_digest: str, voter: int = 0) -> str:
    """The query code of a voter. It depends on the body: a resend with another body never learns the first one's."""
    return crockford(keyed(secret, "code", ticket, body_digest, str(voter)), CODE_LENGTH)


def parse_code(text: str) -> str:
    """The code in what somebody typed; as forgiving as ``parse_number``, and never an error."""
    return _heard(text)


def code_digest(secret: bytes, ticket: str, code: str) -> str:
    """What is stored of a code: a keyed digest."""
    return base64.b64encode(keyed(secret, "code-digest", ticket, code)[:18]).decode()


def code_matches(secret: bytes, ticket: str, typed: str, digest: str) -> bool:
    """Whether what was typed is the code behind ``digest``; constant time."""
    return hmac.compare_digest(code_digest(secret, ticket, parse_code(typed)), digest)
