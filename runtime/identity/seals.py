"""Seals: authenticated encryption with a key commitment (GCM does not commit), and sealing to a public day key.

Text form: base64 of ``profile ‖ nonce ‖ commitment ‖ ciphertext``. What a ciphertext belongs to (owner, field) is
authenticated with it, so that none can be moved to another place. The first byte names the profile: another one
(SM4 and SM3, say) is a row in PROFILES, and what was sealed before stays readable.
"""

import base64
import hmac
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12  # bytes
COMMITMENT = 16  # bytes
KEY = 32  # bytes
PUBLIC = 32  # bytes
SEALED_WITH_ONE = 256  # messages under one ephemeral key: X25519 costs ten times what AES does
SHARED_KEPT = 1024  # derived keys that an opener remembers
Random = Callable[[int], bytes]


class SealBroken(ValueError):
    """It was sealed with another key, for another place, or was changed."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One set of algorithms. ``encrypt`` and ``decrypt`` take (key, nonce, text, bound data); ``mac`` (key, data)."""

    mark: bytes
    encrypt: Callable[[bytes, bytes, bytes, bytes], bytes]
    decrypt: Callable[[bytes, bytes, bytes, bytes], bytes]
    mac: Callable[[bytes, bytes], bytes]


def _aes_encrypt(key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
    return AESGCM(key).encrypt(nonce, plain, bound)


def _aes_decrypt(key: bytes, nonce: bytes, body: bytes, bound: bytes) -> bytes:
    return AESGCM(key).decrypt(nonce, body, bound)


def _hmac_sha256(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")


AES = Profile(b"\x01", _aes_encrypt, _aes_decrypt, _hmac_sha256)
PROFILES: Mapping[bytes, Profile] = {AES.mark: AES}


def seal(key: bytes, place: str, plain: bytes, random: Random, profile: Profile = AES) -> bytes:
    """``plain`` sealed under ``key`` for ``place``."""
    nonce = random(NONCE)
    body = profile.encrypt(key, nonce, plain, _bound(profile, place))
    return profile.mark + nonce + _commitment(profile, key, nonce) + body


def unseal(key: bytes, place: str, sealed: bytes) -> bytes:
    """What was sealed. Raises SealBroken."""
    profile, nonce, rest = PROFILES.get(sealed[:1]), sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
    if profile is None or not hmac.compare_digest(rest[:COMMITMENT], _commitment(profile, key, nonce)):
        raise SealBroken(place)
    try:
        return profile.decrypt(key, nonce, rest[COMMITMENT:], _bound(profile, place))
    except (InvalidTag, ValueError):
        raise SealBroken(place) from None


def synthetic(key: bytes, place: str, plain: bytes) -> Random:
    """A nonce that follows from what is sealed, as in AES-SIV: the same text for the same place is the same bytes.

    For what a replay must say again word for word; another text under the key gets another nonce.
    """
    digest = hmac.digest(key, b"duban-synthetic" + place.encode() + b"\0" + plain, "sha256")
    return lambda count: digest[:count]


def _commitment(profile: Profile, key: bytes, nonce: bytes) -> bytes:
    return profile.mac(key, b"duban-commitment" + nonce)[:COMMITMENT]


def _bound(profile: Profile, place: str) -> bytes:
    return profile.mark + place.encode()


def to_text(sealed: bytes) -> str:
    """As it travels in JSON."""
    return base64.b64encode(sealed).decode()


def from_text(text: str) -> bytes:
    """Back from JSON. Raises SealBroken."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise SealBroken("not base64") from None


class SealerTo:
    """Seals to the public half of a day key: X25519 + HKDF-SHA256, as HPKE's base mode does.

    One ephemeral key serves 256 messages, each with its own nonce, and is forgotten then.
    """

    def __init__(self, public: bytes, random: Random) -> None:
        self._public, self._random = public, random
        self._left, self._ours, self._key = 0, b"", b""

    def seal(self, place: str, plain: bytes) -> bytes:
        """``plain``, for whoever has the private half."""
        if not self._left:
            self._renew()
        self._left -= 1
        return self._ours + seal(self._key, place, plain, self._random)

    def _renew(self) -> None:
        mine = X25519PrivateKey.from_private_bytes(self._random(KEY))
        self._ours = mine.public_key().public_bytes_raw()
        shared = mine.exchange(X25519PublicKey.from_public_bytes(self._public))
        self._key, self._left = _derived(shared, self._ours, self._public), SEALED_WITH_ONE


class Opener:
    """Opens what was sealed to the public half of ``private``."""

    def __init__(self, private: bytes) -> None:
        self._private = X25519PrivateKey.from_private_bytes(private)
        self._public = self._private.public_key().public_bytes_raw()
        self._keys: OrderedDict[bytes, bytes] = OrderedDict()

    def open(self, place: str, sealed: bytes) -> bytes:
        """What was sealed. Raises SealBroken."""
        theirs = sealed[:PUBLIC]
        if theirs not in self._keys:
            self._keys[theirs] = self._shared_with(theirs, place)
            if len(self._keys) > SHARED_KEPT:
                self._keys.popitem(last=False)
        return unseal(self._keys[theirs], place, sealed[PUBLIC:])

    def _shared_with(self, theirs: bytes, place: str) -> bytes:
        try:
            shared = self._private.exchange(X25519PublicKey.from_public_bytes(theirs))
        except ValueError:  # too short, or a point of small order
            raise SealBroken(place) from None
        return _derived(shared, theirs, self._public)


def seal_to(public: bytes, place: str, plain: bytes, random: Random) -> bytes:
    """Seal one message to the public half of a day key."""
    return SealerTo(public, random).seal(place, plain)


def _derived(shared: bytes, ephemeral: bytes, public: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY, salt=None, info=b"duban-day-key" + ephemeral + public).derive(shared)


def public_half(private: bytes) -> bytes:
    """The public half of a day key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


@dataclass(frozen=True, slots=True)
class KeyWrap:
    """Wraps keys under the platform's own key (KEK). ``older``: former ones, which still unwrap what they wrapped."""

    kek: bytes
    random: Random
    older: tuple[bytes, ...] = ()

    def wrap(self, place: str, key: bytes) -> bytes:
        """A key, sealed under the KEK."""
        return seal(self.kek, "wrap/" + place, key, self.random)

    def unwrap(self, place: str, wrapped: bytes) -> bytes:
        """The key; the commitment tells which KEK wrapped it. Raises SealBroken."""
        for kek in (self.kek, *self.older):
            try:
                return unseal(kek, "wrap/" + place, wrapped)
            except SealBroken:
                continue
        raise SealBroken(place)


def key_wrap(keys: str, random: Random) -> KeyWrap:
    """From a setting: base64 keys separated by commas, the one in use first. Raises SealBroken."""
    kek, *older = (from_text(each.strip()) for each in keys.split(","))
    return KeyWrap(kek, random, tuple(older))
