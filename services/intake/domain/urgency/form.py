"""How the rules of urgency want a text beyond its reading form."""

WIDE = tuple(zip(",:;!?()", "，：；！？（）", strict=True))
"""Punctuation by which clauses end: the rules are written with the Chinese one."""


def punctuated(text: str) -> str:
    """The text with Chinese punctuation, however it is folded."""
    for plain, wide in WIDE:
        text = text.replace(plain, wide)
    return text
