"""A page is a folder that is complete: a route, a template, texts in both languages, a guard, a look in a browser."""

import re
from collections.abc import Iterator, Mapping, Set
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import pytest
from fastapi import APIRouter, FastAPI

from contracts.vocabulary import Pair
from services.portal.pages import app
from services.portal.pages.frame.render import FILES, PAGES, SERVED, Frame
from services.portal.pages.services import Services
from services.portal.site import Site
from tests.browser.visited import VISITED
from tests.contract import pages as where
from tests.pages import edge

SHARED = "frame"
PARTS = ("routes.py", "page.html", "texts.py")
SAID_BY_SCRIPT = re.compile(r"""\b(?:page|say)\("([a-z_]+)"|words\.page\.([a-z_]+)|\? "([a-z_]+)" : "([a-z_]+)"[,)]""")


def folders(root: Path) -> Iterator[str]:
    yield from sorted(each.name for each in root.iterdir() if each.is_dir() and each.name[0] not in "_.")


def missing(root: Path, texts: Mapping[str, Mapping[str, Pair]]) -> list[str]:
    """What the pages under ``root`` lack; ``texts``: what each says."""
    there = [name for name in folders(root) if name != SHARED]
    parts = [f"{name}/{part}" for name in there for part in PARTS if not (root / name / part).exists()]
    unsaid = [f"{name}: {key}" for name in there for key, pair in texts.get(name, {}).items() if not all(pair)]
    unseen = [f"{name} in tests/browser/visited.py" for name in there if name not in VISITED]
    unguarded = [f"{name} in tests/contract/pages.py" for name in there if name not in where.PAGES.values()]
    return parts + unsaid + unseen + unguarded


def module(page: str, part: str) -> Any:
    return import_module(f"services.portal.pages.{page}.{part}")


def texts(page: str) -> Mapping[str, Pair]:
    said: Mapping[str, Pair] = module(page, "texts").TEXTS
    return said


def paths(page: ModuleType) -> set[str]:
    """Where the routes of a page stand."""
    services = Services(httpx2.ASGITransport(app=FastAPI()))
    router: APIRouter = page.routes(Frame(Site(place_zh="县", place_en="County"), edge()), services)
    return {str(getattr(route, "path", "")) for route in router.routes}


def test_every_page_is_complete() -> None:
    assert missing(PAGES, {name: texts(name) for name in folders(PAGES)}) == []


def test_an_incomplete_page_is_seen(tmp_path: Path) -> None:
    for part in PARTS:
        (tmp_path / "mine").mkdir(exist_ok=True)
        (tmp_path / "mine" / part).touch()
    (tmp_path / "agenda").mkdir()
    (tmp_path / "agenda" / "routes.py").touch()
    assert missing(tmp_path, {"mine": {"name": ("督办", "")}}) == [
        "agenda/page.html",
        "agenda/texts.py",
        "mine: name",
        "agenda in tests/browser/visited.py",
        "agenda in tests/contract/pages.py",
    ]


def test_every_folder_is_served_and_stands_where_the_guards_look() -> None:
    served = {page.__name__.split(".")[-2]: paths(page) for page in app.PAGES}
    assert sorted(served) == [name for name in folders(PAGES) if name != SHARED]
    assert {(path, name) for name, found in served.items() for path in found} == set(where.PAGES.items())


@pytest.mark.parametrize("page", [name for name in folders(PAGES) if name != SHARED])
def test_all_that_a_script_says_is_a_text_of_its_page(page: str) -> None:
    own = texts(page).keys() | texts(SHARED).keys()
    scripts = [path.read_text() for path in (PAGES / page).glob("*.js")]
    said = {key for script in scripts for found in SAID_BY_SCRIPT.findall(script) for key in found if key}
    assert [key for key in said if not _is_among(key, own)] == []


def _is_among(key: str, own: Set[str]) -> bool:
    """``rate_`` is the beginning of what a script puts together."""
    return key in own or (key.endswith("_") and any(text.startswith(key) for text in own))


def test_no_two_pages_have_a_file_of_one_name() -> None:
    there = [path for path in PAGES.rglob("*") if path.suffix in SERVED]
    assert sorted(FILES.values()) == sorted(there)
