"""Ids from parts with lengths: "ab"+"c" never equals "a"+"bc"."""

import hashlib


def id_of(*parts: str) -> str:
    """A 128-bit id in hex, the same for the same parts for ever."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(4, "big"))
        digest.update(encoded)
    return digest.hexdigest()[:32]
