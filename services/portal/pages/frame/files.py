"""The files of the pages, which browsers may keep for ever."""

from fastapi import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import Scope

from services.portal.pages.frame.render import FILES, PAGES, VERSION

FOR_EVER = "public, max-age=31536000, immutable"


class Versioned(StaticFiles):
    """Files under the version of this build, which never change; under another one what there is, not to be kept.

    While a new build is rolled out, the page of one process may ask the other for its files.
    """

    def __init__(self) -> None:
        super().__init__(directory=PAGES)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file of a name, without the version in its address; nothing else of the folders."""
        version, _, name = path.replace("\\", "/").partition("/")
        file = FILES.get(name or version)
        if file is None:
            raise HTTPException(404)
        answer = await super().get_response(str(file.relative_to(PAGES)), scope)
        answer.headers["Cache-Control"] = FOR_EVER if name and version == VERSION else "no-cache"
        return answer
