"""Staff's composition root. Start reading here: what it reacts to, and which adapter stands behind which port."""

import functools
import secrets
from dataclasses import dataclass
from typing import Any, cast

from fastapi import FastAPI

from contracts.catalogue import consumed_by
from contracts.messages.staff import TokenKeyPublished
from runtime.delivery.service import Service, reactions
from runtime.http.addresses import networks
from runtime.http.audit import AuditTrail
from runtime.http.readiness import while_answering
from runtime.http.requests import RequestDesk
from runtime.identity.seals import key_wrap
from runtime.identity.tokens import Gate
from runtime.memory.store import InMemoryStore
from runtime.process.configuration import Configuration
from runtime.process.platform import Platform
from runtime.process.serve import workers_of
from runtime.process.settings import load
from runtime.workers import Worker
from services.staff.adapters.argon2 import Argon2Passwords
from services.staff.adapters.audit_entries import InMemoryAuditEntries, MongoAuditEntries
from services.staff.adapters.memory import InMemoryAccounts
from services.staff.adapters.mongo import MongoAccounts
from services.staff.adapters.second_factors import MongoSecondFactors
from services.staff.adapters.secrets_in_memory import (
    InMemoryAttempts,
    InMemoryCredentials,
    InMemorySecondFactors,
    InMemorySessions,
    InMemoryTokenKeys,
)
from services.staff.adapters.secrets_in_mongo import MongoAttempts, MongoCredentials, MongoSessions, MongoTokenKeys
from services.staff.adapters.used_assertions import InMemoryUsedAssertions, MongoUsedAssertions
from services.staff.api.accounts import AccountDesk
from services.staff.api.app import build_app
from services.staff.api.assertions import AssertionDesk
from services.staff.api.audit import AuditDesk
from services.staff.api.passwords import PasswordDesk
from services.staff.api.signing_in import SECRET_BYTES, SignInDesk
from services.staff.domain.account import Account
from services.staff.handlers.accounts import AccountHandlers
from services.staff.ports import (
    Accounts,
    AuditEntries,
    Credentials,
    PrivateTokenKeys,
    SecondFactors,
    Sessions,
    SignInAttempts,
    UsedAssertions,
)
from services.staff.settings import SealingSettings, SigningSettings, StaffSettings
from services.staff.workers.audit import GROUP, AuditLoop
from services.staff.workers.token_keys import TokenKeyWorker

WITH_INDEXES = (MongoCredentials, MongoAttempts, MongoSessions, MongoAuditEntries, MongoUsedAssertions)


def build() -> Service[Account]:
    """Accounts, in the log of affairs."""
    return Service(
        name="staff", says="affairs", document=Account, reacts=reactions(AccountHandlers()), collection="accounts"
    )


def of(platform: Platform) -> Service[Account]:
    return platform.once(_service)


def _service(_platform: Platform) -> Service[Account]:
    return build()


@dataclass(frozen=True, slots=True)
class Keeping:
    """What staff keeps beside its documents: secrets, which are no messages."""

    credentials: Credentials
    attempts: SignInAttempts
    sessions: Sessions
    keys: PrivateTokenKeys
    audit: AuditEntries
    factors: SecondFactors
    used: UsedAssertions

    async def create_indexes(self) -> None:
        for each in (self.credentials, self.attempts, self.sessions, self.audit, self.used):
            if isinstance(each, WITH_INDEXES):
                await each.create_indexes()


def keeping_of(platform: Platform) -> Keeping:
    return platform.once(_keeping)


def _keeping(platform: Platform) -> Keeping:
    wrap, database = key_wrap(load(SealingSettings).staff_key, secrets.token_bytes), platform.database("staff")
    if database is None:
        return Keeping(
            InMemoryCredentials(),
            InMemoryAttempts(),
            InMemorySessions(),
            InMemoryTokenKeys(),
            InMemoryAuditEntries(),
            InMemorySecondFactors(),
            InMemoryUsedAssertions(),
        )
    return Keeping(
        MongoCredentials(database),
        MongoAttempts(database),
        MongoSessions(database),
        MongoTokenKeys(database, wrap),
        MongoAuditEntries(database),
        MongoSecondFactors(database, wrap),
        MongoUsedAssertions(database),
    )


def accounts_of(platform: Platform) -> Accounts:
    """The accounts that the loop writes on this platform."""
    service, database = of(platform), platform.database("staff")
    if database is None:
        return InMemoryAccounts(cast("InMemoryStore[Account]", platform.store(service)))
    return MongoAccounts(database, service.collection)


def signing_in_of(platform: Platform) -> SignInDesk:
    """Signing in, on this platform."""
    kept = keeping_of(platform)
    return SignInDesk(
        accounts_of(platform),
        kept.credentials,
        hashes_of(platform),
        kept.attempts,
        kept.sessions,
        kept.keys,
        kept.factors,
        platform.clock,
        functools.partial(secrets.token_urlsafe, SECRET_BYTES),
        trail_of(platform),
    )


def passwords_of(platform: Platform) -> PasswordDesk:
    """Setting passwords, on this platform."""
    kept, secret = keeping_of(platform), functools.partial(secrets.token_urlsafe, SECRET_BYTES)
    return PasswordDesk(
        accounts_of(platform),
        kept.credentials,
        hashes_of(platform),
        kept.sessions,
        platform.clock,
        secret,
        trail_of(platform),
    )


def hashes_of(platform: Platform) -> Argon2Passwords:
    """One for the process: its threads are what bounds it."""
    return platform.once(_hashes)


def _hashes(_platform: Platform) -> Argon2Passwords:
    return Argon2Passwords()


def trail_of(platform: Platform) -> AuditTrail:
    """Says who signs in, whose credentials change, and who looks at the audit."""
    return AuditTrail(platform.writer, platform.clock, "staff", secrets.token_hex)


async def api(platform: Platform) -> FastAPI:
    settings, clock = load(StaffSettings), platform.clock
    store: Any = platform.store(of(platform))
    desk = AccountDesk(RequestDesk(of(platform), store, platform.writer, clock), accounts_of(platform))
    configuration = Configuration(platform.follower("configuration"), consumed_by("staff", "configuration"))
    gate = Gate(settings.token_public_key, clock.wall, lambda: configuration.all(TokenKeyPublished))
    audit = AuditDesk(keeping_of(platform).audit, trail_of(platform))
    signing_in = signing_in_of(platform)
    systems = AssertionDesk(signing_in, keeping_of(platform).used)
    app = build_app(desk, signing_in, systems, passwords_of(platform), audit, gate, while_answering(store))
    app.state.trusted_proxies = networks(platform.settings.trusted_proxies)
    app.state.background.append(Worker("configuration", configuration.run))
    return app


async def workers(platform: Platform) -> list[Worker]:
    """The loop, the keys that sign tokens, the list of the audit; the indexes are laid before they start."""
    accounts, kept = accounts_of(platform), keeping_of(platform)
    if isinstance(accounts, MongoAccounts):
        await accounts.create_indexes()
    await kept.create_indexes()
    root = load(SigningSettings).token_private_key
    keys = TokenKeyWorker(kept.keys, platform.writer, platform.clock, root)
    audit = AuditLoop(await platform.reader(GROUP, ("audit",)), kept.audit)
    return [
        *await workers_of(platform, of(platform)),
        Worker("token-keys", keys.run),
        Worker("audit", audit.run),
    ]
