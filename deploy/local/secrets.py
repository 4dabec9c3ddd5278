"""The demonstration's secrets: made once, kept in the state folder, readable by its owner only."""

import secrets
from base64 import b64encode
from pathlib import Path

from deploy.local.accounts import ACCOUNTS
from runtime.identity.tokens import new_key_pair


def password_of(account: str) -> str:
    """The name of an account's password."""
    return f"MONGODB_PASSWORD_{account.upper().replace('-', '_')}"


def made() -> dict[str, str]:
    """Fresh secrets by the names of the settings."""
    private, public = new_key_pair()
    long = ("DUBAN_TICKET_ID_SECRET", "DUBAN_CODE_SECRET", "DUBAN_BODY_SECRET", "DUBAN_SMS_KEY")
    keys = ("DUBAN_VAULT_KEY", "DUBAN_LEDGER_KEY", "DUBAN_PAGES_KEY", "DUBAN_HOOK_KEY", "DUBAN_STAFF_KEY")
    return (
        {name: secrets.token_urlsafe(36) for name in long}
        | {name: b64encode(secrets.token_bytes(32)).decode() for name in keys}
        | {"DUBAN_TOKEN_PRIVATE_KEY": private, "DUBAN_TOKEN_PUBLIC_KEY": public}
        | {password_of(name): secrets.token_urlsafe(24) for name in ("admin", *ACCOUNTS)}
    )


def load(path: Path) -> dict[str, str]:
    """The secrets in the file; those that it lacks are made and added."""
    text = path.read_text() if path.exists() else ""
    known = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    if missing := {name: value for name, value in made().items() if name not in known}:
        _write(path, known | missing)
    return known | missing


def _write(path: Path, secrets: dict[str, str]) -> None:
    """All or nothing, and never readable by others."""
    fresh = path.with_suffix(".new")
    fresh.touch(0o600)
    fresh.write_text("".join(f"{name}={value}\n" for name, value in secrets.items()))
    fresh.replace(path)
