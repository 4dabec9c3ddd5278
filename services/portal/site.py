from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Whose board it is, as the heading says it, and the division it shows; "" shows all."""

    place_zh: str
    place_en: str
    division: str = ""
