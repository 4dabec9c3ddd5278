"""The vault: keys once, gone for ever, and one broken record stops nobody else."""

import secrets
from datetime import timedelta

from runtime.identity.seals import KeyWrap
from runtime.identity.vault import CACHED_FOR, Contacts, InMemoryVault, Keys, WordKeys, Wrapped, open_words, seal_words

WRAP = KeyWrap(b"k" * 32, secrets.token_bytes)


class Watch:
    """A stopwatch that the test moves."""

    def __init__(self) -> None:
        self.time = timedelta(days=3)

    def __call__(self) -> timedelta:
        return self.time


async def test_two_loops_never_use_different_keys() -> None:
    vault = InMemoryVault()
    first = await Keys(vault, WRAP).issue({"a": b"one", "b": b"two"})
    second = await Keys(vault, WRAP).issue({"b": b"other", "c": b"three"})
    assert first["b"] == second["b"]
    assert first["a"] != first["b"]
    assert await Contacts(vault, WRAP).of(["a", "b", "c", "d"]) == {"a": b"one", "b": b"two", "c": b"three"}


async def test_erased_keys_do_not_come_back() -> None:
    vault = InMemoryVault()
    keys = Keys(vault, WRAP)
    await keys.issue({"a": b"contact"})
    await keys.erase("a")
    assert await keys.issue({"a": b"contact"}) == {"a": None}
    assert await Contacts(vault, WRAP).of(["a"]) == {}
    assert vault.records["a"] == Wrapped("a", erased=True)


async def test_what_was_erased_before_it_came_stays_erased() -> None:
    keys = Keys(InMemoryVault(), WRAP)
    await keys.erase("a")
    assert await keys.issue({"a": b"contact", "b": b""}) | {"b": None} == {"a": None, "b": None}


async def test_an_erased_key_is_forgotten_at_once_here_and_within_the_time_elsewhere() -> None:
    vault, watch = InMemoryVault(), Watch()
    keys, here, elsewhere = Keys(vault, WRAP), WordKeys(vault, WRAP, watch), WordKeys(vault, WRAP, watch)
    await keys.issue({"a": b""})
    assert await here.seal("a", "words", "字") is not None
    assert await elsewhere.seal("a", "words", "字") is not None
    await keys.erase("a")
    here.forget("a")
    assert await here.seal("a", "words", "字") is None
    assert await elsewhere.seal("a", "words", "字") is not None
    watch.time += CACHED_FOR + timedelta(seconds=1)
    assert await elsewhere.seal("a", "words", "字") is None


async def test_words_open_only_for_their_field() -> None:
    issued = (await Keys(InMemoryVault(), WRAP).issue({"a": b""}))["a"]
    assert issued is not None
    assert open_words(issued.words, "a", "words", seal_words(issued.words, "a", "words", "路灯不亮")) == "路灯不亮"


async def test_one_broken_record_is_set_aside_alone() -> None:
    vault = InMemoryVault()
    await Keys(vault, WRAP).issue({"a": b"one", "b": b"two"})
    vault.records["a"] = Wrapped("a", b"x", b"x", b"x", b"x")
    assert set(await Keys(vault, WRAP).issue({"a": b"", "b": b""})) == {"b"}
    assert set(await WordKeys(vault, WRAP, Watch()).keys(["a", "b"])) == {"b"}
    assert await Contacts(vault, WRAP).of(["a", "b"]) == {"b": b"two"}
