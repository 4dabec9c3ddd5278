"""What somebody typed into a field for one value: width, format characters and blanks at its ends mean nothing."""

import unicodedata


class ValueRefused(ValueError):
    """It is no such value: ``code`` names why, ``zh`` and ``en`` say the reason and the form that would do."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(code)
        self.code, self.zh, self.en = code, zh, en


def plain(typed: str) -> str:
    """The value as it was meant: NFKC, without format characters, all blanks alike, none at the ends."""
    folded = unicodedata.normalize("NFKC", typed)
    return " ".join("".join(each for each in folded if unicodedata.category(each) != "Cf").split())
