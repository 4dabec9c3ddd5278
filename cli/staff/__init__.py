"""``duban staff``: the first accounts of an installation, and appointments from a file."""

import asyncio
import secrets
from typing import Annotated, Any

import httpx2
import typer

from cli.staff.importing import import_appointments
from cli.token import signing_key
from deploy.local.plan import api_ports
from runtime.clock import Clock
from runtime.identity.tokens import Principal, issue
from services.staff.domain.account import INSTALLATION

WITHIN = 30.0  # seconds for one call
FAILED = 1

app = typer.Typer(
    help="Who may act: the first configurers, and those whom they appoint from a file.", no_args_is_help=True
)


app.command("import")(import_appointments)


@app.command()
def first(
    names: Annotated[list[str], typer.Argument(help="Names of the accounts: small letters, digits and . _ -")],
    division: Annotated[str, typer.Option(help="Division prefix that they configure: 43, 4312, 431226 …")] = "431226",
    api: Annotated[str, typer.Option(help="Address of staff's API; empty: the one of `make up`.")] = "",
) -> None:
    """Appoint configurers with the installation's own key: two, for each appointment needs a second one's word."""
    private = signing_key()
    if not private:
        typer.echo("nothing to sign with: `make up` makes a key, or set DUBAN_TOKEN_PRIVATE_KEY", err=True)
        raise typer.Exit(FAILED)
    where = api or f"http://127.0.0.1:{api_ports()['staff']}"
    refused = asyncio.run(_appoint(names, division, where, private))
    raise typer.Exit(FAILED if refused else 0)


async def _appoint(names: list[str], division: str, where: str, private: str) -> int:
    """Tells of each what came of it; how many were refused."""
    token = issue(private, Principal(INSTALLATION, "", division, "configurer"), Clock().wall())
    refused = 0
    async with httpx2.AsyncClient(base_url=where, headers={"Authorization": f"Bearer {token}"}, timeout=WITHIN) as http:
        for name in names:
            refused += not await _appointed(http, name, division)
    return refused


async def _appointed(http: httpx2.AsyncClient, name: str, division: str) -> bool:
    body = {"role": "configurer", "division": division}
    key = {"Idempotency-Key": secrets.token_hex(16)}
    try:
        answer = await http.post(f"/v1/accounts/{name}/appointments", json=body, headers=key)
    except httpx2.HTTPError as why:
        hint = "`make up` starts it, or say --api"
        typer.echo(f"{http.base_url} does not answer ({type(why).__name__}): {hint}", err=True)
        return False
    said = _said(answer)
    typer.echo(f"{name}: {said}", err=answer.status_code != httpx2.codes.OK)
    return answer.status_code == httpx2.codes.OK


def _said(answer: httpx2.Response) -> str:
    told: dict[str, Any] = answer.json()
    if answer.status_code == httpx2.codes.OK:
        return f"appointment {told['appointment']} {told['state']}"
    named = "; ".join(f"{each['pointer']}: {each['en']}" for each in told.get("errors", ()))
    return named or str(told.get("en") or told.get("ask") or answer.status_code)
