"""Words as they are sealed in a fact."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sealed:
    """Ciphertext and the field it was sealed for."""

    field: str
    text: str
