"""Seals: opened only with the same key, for the same place, unchanged."""

import contextlib
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.identity import seals
from runtime.identity.seals import KeyWrap, Opener, SealBroken, SealerTo

KEY, OTHER = b"k" * 32, b"o" * 32
PRIVATE = b"p" * 32
PUBLIC = seals.public_half(PRIVATE)


@given(st.binary(max_size=2000), st.text(max_size=50))
def test_what_is_sealed_can_be_opened(plain: bytes, place: str) -> None:
    place = place.encode("utf-8", "replace").decode()
    assert seals.unseal(KEY, place, seals.seal(KEY, place, plain, secrets.token_bytes)) == plain


def test_another_key_another_place_or_a_short_text_opens_nothing() -> None:
    sealed = seals.seal(KEY, "t/words", b"words", secrets.token_bytes)
    for key, place, text in ((OTHER, "t/words", sealed), (KEY, "t/name", sealed), (KEY, "t/words", sealed[:20])):
        with pytest.raises(SealBroken):
            seals.unseal(key, place, text)


def test_every_changed_byte_is_found() -> None:
    sealed = seals.seal(KEY, "t/words", "诉求".encode(), secrets.token_bytes)
    for at in range(len(sealed)):
        with pytest.raises(SealBroken):
            seals.unseal(KEY, "t/words", sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])


def test_a_ciphertext_is_bound_to_one_key_by_the_commitment() -> None:
    """GCM alone lets one ciphertext open under two keys: with the commitment the key is looked at first."""
    sealed = seals.seal(KEY, "p", b"x", secrets.token_bytes)
    forged = sealed[:13] + seals.seal(OTHER, "p", b"x", lambda n: sealed[1 : 1 + n])[13:29] + sealed[29:]
    with pytest.raises(SealBroken):
        seals.unseal(KEY, "p", forged)


@given(st.binary(max_size=2000))
def test_a_day_key_opens_what_was_sealed_to_its_public_half(plain: bytes) -> None:
    sealed = seals.seal_to(PUBLIC, "t/submission", plain, secrets.token_bytes)
    assert seals.Opener(PRIVATE).open("t/submission", sealed) == plain
    with pytest.raises(SealBroken):
        seals.Opener(OTHER).open("t/submission", sealed)


def test_an_ephemeral_key_serves_a_bounded_number_of_messages() -> None:
    sealer, opener = SealerTo(PUBLIC, secrets.token_bytes), Opener(PRIVATE)
    sealed = [sealer.seal(f"t{nth}", b"%d" % nth) for nth in range(2 * seals.SEALED_WITH_ONE + 1)]
    assert len({each[: seals.PUBLIC] for each in sealed}) == 3
    assert len({each[seals.PUBLIC : seals.PUBLIC + 13] for each in sealed}) == len(sealed), "every nonce is new"
    assert [opener.open(f"t{nth}", each) for nth, each in enumerate(sealed)] == [b"%d" % n for n in range(len(sealed))]


@given(st.binary(max_size=120))
def test_whatever_is_no_seal_is_broken_and_nothing_else(poison: bytes) -> None:
    with pytest.raises(SealBroken):
        seals.unseal(KEY, "p", poison)
    with pytest.raises(SealBroken):
        seals.Opener(PRIVATE).open("p", poison)


@given(st.text())
def test_the_text_form_is_base64_or_broken(text: str) -> None:
    with contextlib.suppress(SealBroken):
        assert isinstance(seals.from_text(text), bytes)


def test_a_point_of_small_order_is_refused() -> None:
    with pytest.raises(SealBroken):
        seals.Opener(PRIVATE).open("p", bytes(32) + b"\x01" + bytes(60))


def test_a_former_key_still_unwraps_what_it_wrapped() -> None:
    former = KeyWrap(OTHER, secrets.token_bytes)
    wrapped = former.wrap("t", b"key")
    now = seals.key_wrap(f"{seals.to_text(KEY)},{seals.to_text(OTHER)}", secrets.token_bytes)
    assert now.unwrap("t", wrapped) == b"key"
    assert now.unwrap("t", now.wrap("t", b"new")) == b"new"
    with pytest.raises(SealBroken):
        former.unwrap("t", now.wrap("t", b"new"))
