"""The pages of a list that anybody may leaf through: forward and back from where the shown one ends."""

from dataclasses import dataclass
from datetime import datetime

from services.portal.reading.ports import Found, Tickets
from services.portal.reading.search import cursors
from services.portal.reading.search.cursors import Cursor
from services.portal.reading.search.filters import Filters, TicketScope

PAGE_SIZE = 30
LAST_PAGE = 200  # that can be asked for by its number; cursors lead further


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePlace:
    """Which page is wanted: behind a cursor, before one, or by its number; with a cursor the number is a label."""

    page: int = 1
    after: Cursor | None = None
    before: Cursor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPage:
    """A page with its number, how many there are, and the cursors of its neighbours; "" where none is."""

    found: Found
    page: int
    pages: int
    newer: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True)
class PublicList:
    """A list as it is asked for at one instant."""

    tickets: Tickets
    asked: Filters
    scope: TicketScope
    now: datetime

    async def at(self, place: PagePlace) -> ListedPage:
        """The page; beyond the last it is the last, before the first it is the first. Raises Unavailable."""
        if place.after is not None:
            found = await self._found(after=place.after)
            return _shown(found, max(place.page, 2)) if found.tickets else await self._numbered(LAST_PAGE)
        if place.before is not None:
            found = await self._found(before=place.before)
            if found.more:
                return _shown(found, max(place.page, 2), is_followed=True)
            return await self._numbered(1)
        return await self._numbered(min(max(place.page, 1), LAST_PAGE))

    async def _numbered(self, page: int) -> ListedPage:
        found = await self._found(skip=(page - 1) * PAGE_SIZE)
        last = min(page, _pages(found))
        if page != last:
            found = await self._found(skip=(last - 1) * PAGE_SIZE)
        return _shown(found, last)

    async def _found(self, *, skip: int = 0, after: Cursor | None = None, before: Cursor | None = None) -> Found:
        return await self.tickets.find(
            self.asked, self.scope, self.now, skip=skip, limit=PAGE_SIZE, after=after, before=before
        )


def _pages(found: Found) -> int:
    return max(1, -(-found.total // PAGE_SIZE))


def _shown(found: Found, page: int, *, is_followed: bool = False) -> ListedPage:
    """``is_followed``: the page was reached from an older one, whatever else ``found.more`` says."""
    has_older = is_followed or found.more
    newer = str(cursors.at(found.tickets[0])) if found.tickets and page > 1 else ""
    older = str(cursors.at(found.tickets[-1])) if found.tickets and has_older else ""
    pages = max(_pages(found), page + has_older)
    return ListedPage(found=found, page=page, pages=pages, newer=newer, older=older)
