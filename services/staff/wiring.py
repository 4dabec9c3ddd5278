"""Staff's composition root. Start reading here: what it reacts to, and which adapter stands behind which port."""

from typing import Any, cast

from fastapi import FastAPI

from runtime.delivery.service import Service, reactions
from runtime.http.addresses import networks
from runtime.http.readiness import while_answering
from runtime.http.requests import RequestDesk
from runtime.identity.tokens import Gate
from runtime.memory.store import InMemoryStore
from runtime.process.platform import Platform
from runtime.process.serve import workers_of
from runtime.process.settings import load
from runtime.workers import Worker
from services.staff.adapters.memory import InMemoryAccounts
from services.staff.adapters.mongo import MongoAccounts
from services.staff.api.accounts import AccountDesk
from services.staff.api.app import build_app
from services.staff.domain.account import Account
from services.staff.handlers.accounts import AccountHandlers
from services.staff.ports import Accounts
from services.staff.settings import StaffSettings


def build() -> Service[Account]:
    """Accounts, in the log of affairs."""
    return Service(
        name="staff", says="affairs", document=Account, reacts=reactions(AccountHandlers()), collection="accounts"
    )


def of(platform: Platform) -> Service[Account]:
    return platform.once(_service)


def _service(_platform: Platform) -> Service[Account]:
    return build()


def accounts_of(platform: Platform) -> Accounts:
    """The accounts that the loop writes on this platform."""
    service, database = of(platform), platform.database("staff")
    if database is None:
        return InMemoryAccounts(cast("InMemoryStore[Account]", platform.store(service)))
    return MongoAccounts(database, service.collection)


async def api(platform: Platform) -> FastAPI:
    settings, clock = load(StaffSettings), platform.clock
    store: Any = platform.store(of(platform))
    desk = AccountDesk(RequestDesk(of(platform), store, platform.writer, clock), accounts_of(platform))
    app = build_app(desk, Gate(settings.token_public_key, clock.wall), while_answering(store))
    app.state.trusted_proxies = networks(platform.settings.trusted_proxies)
    return app


async def workers(platform: Platform) -> list[Worker]:
    """The loop; the indexes are laid before it starts."""
    accounts = accounts_of(platform)
    if isinstance(accounts, MongoAccounts):
        await accounts.create_indexes()
    return await workers_of(platform, of(platform))
