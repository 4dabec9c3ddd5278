"""The erasure list: one suite in memory and as a file; and a vault from an old backup that is erased again."""

from pathlib import Path

import pytest

from runtime.delivery.ports import Unavailable
from runtime.identity.vault import InMemoryVault, Wrapped
from services.intake.adapters.erasures import FileErasures, erase_again
from services.intake.adapters.memory import InMemoryErasures
from services.intake.ports import ERASURES_AT_ONCE, Erasures


@pytest.fixture(params=["memory", "file"])
def erasures(request: pytest.FixtureRequest, tmp_path: Path) -> Erasures:
    return InMemoryErasures() if request.param == "memory" else FileErasures(tmp_path / "outside" / "erasures.txt")


async def all_of(erasures: Erasures) -> list[str]:
    return [ticket async for page in erasures.pages() for ticket in page]


async def test_what_was_added_stays_in_its_order(erasures: Erasures) -> None:
    assert await all_of(erasures) == []
    await erasures.add(["b", "a"])
    await erasures.add(["b"])
    assert await all_of(erasures) == ["b", "a", "b"]


async def test_a_long_list_comes_in_pages(erasures: Erasures) -> None:
    tickets = [f"{nth:026d}" for nth in range(2 * ERASURES_AT_ONCE + 1)]
    await erasures.add(tickets)
    pages = [page async for page in erasures.pages()]
    assert [len(page) for page in pages] == [ERASURES_AT_ONCE, ERASURES_AT_ONCE, 1]
    assert [ticket for page in pages for ticket in page] == tickets


async def test_another_process_finds_the_list_in_the_file_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "erasures.txt"
    await FileErasures(path).add(["a"])
    await FileErasures(path).add(["b"])
    assert await all_of(FileErasures(path)) == ["a", "b"]
    assert path.stat().st_mode & 0o777 == 0o600


async def test_a_list_that_cannot_be_written_makes_the_erasure_wait(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder has to be")
    with pytest.raises(Unavailable, match="erasure list"):
        await FileErasures(tmp_path / "taken" / "erasures.txt").add(["a"])


async def test_a_restored_vault_is_erased_again(erasures: Erasures) -> None:
    vault = InMemoryVault()
    await vault.insert_absent([Wrapped("a", b"1"), Wrapped("b", b"2")])
    await erasures.add(["a", "lost with the log"])
    assert await erase_again(erasures, vault) == 2
    assert await erase_again(erasures, vault) == 0
    assert vault.records == {
        "a": Wrapped("a", erased=True),
        "b": Wrapped("b", b"2"),
        "lost with the log": Wrapped("lost with the log", erased=True),
    }
