"""Seals: AES-256-GCM with a key commitment (GCM does not commit), and sealing to the public half of a day key.

Text form: base64 of ``version ‖ nonce ‖ commitment ‖ ciphertext``. What a ciphertext belongs to (ticket, field) is
authenticated with it, so that none can be moved to another place.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"\x01"
NONCE = 12  # bytes
COMMITMENT = 16  # bytes
KEY = 32  # bytes
PUBLIC = 32  # bytes
Random = Callable[[int], bytes]


class SealBroken(ValueError):
    """It was sealed with another key, for another place, or was changed."""


def seal(key: bytes, place: str, plain: bytes, random: Random) -> bytes:
    """``plain`` sealed under ``key`` for ``place``."""
    nonce = random(NONCE)
    body = AESGCM(key).encrypt(nonce, plain, _bound(place))
    return VERSION + nonce + _commitment(key, nonce) + body


def unseal(key: bytes, place: str, sealed: bytes) -> bytes:
    """What was sealed. Raises SealBroken."""
    nonce, rest = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
    if sealed[:1] != VERSION or not hmac.compare_digest(rest[:COMMITMENT], _commitment(key, nonce)):
        raise SealBroken(place)
    try:
        return AESGCM(key).decrypt(nonce, rest[COMMITMENT:], _bound(place))
    except InvalidTag:
        raise SealBroken(place) from None


def _commitment(key: bytes, nonce: bytes) -> bytes:
    return hmac.new(key, b"duban-commitment" + nonce, hashlib.sha256).digest()[:COMMITMENT]


def _bound(place: str) -> bytes:
    return VERSION + place.encode()


def to_text(sealed: bytes) -> str:
    """As it travels in JSON."""
    return base64.b64encode(sealed).decode()


def from_text(text: str) -> bytes:
    """Back from JSON. Raises SealBroken."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise SealBroken("not base64") from None


def seal_to(public: bytes, place: str, plain: bytes, random: Random) -> bytes:
    """Seal to the public half of a day key: X25519 + HKDF-SHA256 + AES-256-GCM, as HPKE's base mode does."""
    mine = X25519PrivateKey.from_private_bytes(random(KEY))
    shared = mine.exchange(X25519PublicKey.from_public_bytes(public))
    ours = mine.public_key().public_bytes_raw()
    return ours + seal(_derived(shared, ours, public), place, plain, random)


def unseal_with(private: bytes, place: str, sealed: bytes) -> bytes:
    """Open what was sealed to the public half of ``private``. Raises SealBroken."""
    mine = X25519PrivateKey.from_private_bytes(private)
    theirs = sealed[:PUBLIC]
    if len(theirs) < PUBLIC:
        raise SealBroken(place)
    shared = mine.exchange(X25519PublicKey.from_public_bytes(theirs))
    return unseal(_derived(shared, theirs, mine.public_key().public_bytes_raw()), place, sealed[PUBLIC:])


def _derived(shared: bytes, ephemeral: bytes, public: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY, salt=None, info=b"duban-day-key" + ephemeral + public).derive(shared)


def public_half(private: bytes) -> bytes:
    """The public half of a day key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


@dataclass(frozen=True, slots=True)
class KeyWrap:
    """Wraps keys under the platform's own key (KEK)."""

    kek: bytes
    random: Random

    def wrap(self, place: str, key: bytes) -> bytes:
        """A key, sealed under the KEK."""
        return seal(self.kek, "wrap/" + place, key, self.random)

    def unwrap(self, place: str, wrapped: bytes) -> bytes:
        """The key. Raises SealBroken."""
        return unseal(self.kek, "wrap/" + place, wrapped)
