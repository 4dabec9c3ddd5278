"""Phones as they are kept: keyed digests, which nobody can make, or try out, who has only the database."""

import hmac

from runtime.identity import seals

PURPOSE = b"phone of an open question"


class PhoneDigests:
    """By keys of their own, each made of one of the vault's: the one in use, then former ones."""

    def __init__(self, keys: str) -> None:
        wraps = (seals.from_text(each.strip()) for each in keys.split(","))
        self._keys = tuple(hmac.digest(each, PURPOSE, "sha256") for each in wraps)

    def of(self, phone: str) -> str:
        """The digest that is kept."""
        return self.all_of(phone)[0]

    def all_of(self, phone: str) -> list[str]:
        """That, and those that were kept under former keys."""
        return [hmac.digest(each, phone.encode(), "sha256").hex() for each in self._keys]
