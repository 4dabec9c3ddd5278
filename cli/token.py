"""``duban token``: the development issuer."""

import os
from typing import Annotated

import typer

from deploy.local import secrets
from deploy.local.state import state
from runtime.clock import Clock
from runtime.identity.tokens import ROLES, Principal, issue

Role = Annotated[str, typer.Option(help=f"One of {', '.join(sorted(ROLES))}.")]


def token(
    role: Role = "supervisor",
    division: Annotated[str, typer.Option(help="Division prefix the account works for.")] = "431226",
    unit: Annotated[str, typer.Option(help="Unit code, for the role unit.")] = "",
    sub: Annotated[str, typer.Option(help="Account name.")] = "developer",
) -> None:
    """Print a token for eight hours, signed with the development key of the state folder."""
    if role not in ROLES:
        typer.echo(f"no such role: {role}; one of {', '.join(sorted(ROLES))}", err=True)
        raise typer.Exit(2)
    private = signing_key()
    if not private:
        typer.echo("nothing to sign with: `make up` makes a key, or set DUBAN_TOKEN_PRIVATE_KEY", err=True)
        raise typer.Exit(1)
    typer.echo(issue(private, Principal(sub, unit, division, role), Clock().wall()))


def signing_key() -> str:
    """That of the environment, or of the installation in the state folder; "" when there is neither."""
    if given := os.environ.get("DUBAN_TOKEN_PRIVATE_KEY"):  # noqa: TID251 — the edge
        return given
    kept = state().secrets
    return secrets.load(kept)["DUBAN_TOKEN_PRIVATE_KEY"] if kept.exists() else ""
