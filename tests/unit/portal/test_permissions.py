"""Where the reader stands is asked on the pages that say so, and nowhere else."""

from types import SimpleNamespace

import httpx2
import pytest
from fastapi import APIRouter

from runtime.http.app import create_app
from services.portal.pages import app as pages
from services.portal.pages.frame.render import Frame
from services.portal.pages.services import Services, within
from services.portal.site import Site
from tests.pages import edge


def two_paths(_frame: Frame, _services: Services) -> APIRouter:
    router = APIRouter()
    for path in ("/here", "/elsewhere"):
        router.add_api_route(path, lambda: "")
    return router


async def always() -> bool:
    return True


async def test_only_a_path_that_a_page_names_may_ask_where_the_reader_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGES", (SimpleNamespace(routes=two_paths, LOCATES=("/here",)),))
    app = create_app("pages", ready=always)
    pages.add_pages(app, Site(place_zh="县", place_en="County"), within(app), edge())
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://portal") as client:
        told = [(await client.get(path)).headers["Permissions-Policy"] for path in ("/here", "/elsewhere", "/nowhere")]
    assert ["geolocation=(self)" in each for each in told] == [True, False, False]
