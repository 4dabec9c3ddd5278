"""``duban token``: the development issuer."""

import os
from typing import Annotated

import typer

from deploy.local import secrets
from deploy.local.state import state
from runtime.clock import Clock
from runtime.tokens import ROLES, Principal, issue

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
    private = os.environ.get("DUBAN_TOKEN_PRIVATE_KEY") or secrets.load(state().secrets)["DUBAN_TOKEN_PRIVATE_KEY"]  # noqa: TID251
    typer.echo(issue(private, Principal(sub, unit, division, role), Clock().wall()))
