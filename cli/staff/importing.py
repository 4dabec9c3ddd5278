"""``duban staff import``: appoints whom a file names; without ``--yes`` it says what is in it and what is wrong."""

import asyncio
from pathlib import Path
from typing import Annotated

import httpx2
import typer

from cli.staff import rows
from cli.staff.rows import AppointmentFile
from cli.staff.sending import AppointmentSender, RowOutcome, send_all
from cli.staff.session import NotSignedIn, sign_in
from deploy.local.plan import api_ports

WRONG = 1  # exit code: something in the file is wrong, or was refused
WITHIN = 30.0  # seconds for one call
TOLD_EVERY = 500  # rows
FAULTS_SHOWN = 1000


def import_appointments(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV, up to 50,000 rows.")],
    yes: Annotated[bool, typer.Option("--yes", help="Propose them; without it nothing is sent.")] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="As the second configurer: confirm them.")] = False,
    account: Annotated[str, typer.Option(help="Who signs in as a configurer; empty: asked for.")] = "",
    api: Annotated[str, typer.Option(help="Address of staff's API; empty: the one of `make up`.")] = "",
) -> None:
    """Appoint whom a file names: account, role, unit, division, since, until. Sent again, nothing is done twice."""
    found = rows.read(file.read_bytes())
    for fault in found.faults[:FAULTS_SHOWN]:
        typer.echo(str(fault), err=True)
    accounts = len({row.account for _, row in found.rows})
    typer.echo(f"{len(found.rows)} appointments of {accounts} accounts; {len(found.faults)} faults")
    if found.faults:
        typer.echo("nothing was sent: correct the file first", err=True)
        raise typer.Exit(WRONG)
    if not yes:
        typer.echo("nothing was sent: say --yes")
        return
    where = api or f"http://127.0.0.1:{api_ports()['staff']}"
    raise typer.Exit(WRONG if _send(found, where, _typed(account), confirm=confirm) else 0)


def _typed(account: str) -> tuple[str, str, str]:
    """What somebody types to prove that the account is theirs: its name, the password, the code of now."""
    name = account or typer.prompt("account")
    password = typer.prompt("password", hide_input=True)
    return name, password, typer.prompt("one-time code", hide_input=True)


def _send(file: AppointmentFile, where: str, who: tuple[str, str, str], *, confirm: bool) -> int:
    """How many rows were refused, or were not sent because nobody answers."""
    progress = SendingProgress(len(file.rows))
    try:
        asyncio.run(_sent(file, where, who, progress, confirm=confirm))
    except NotSignedIn as why:
        typer.echo(f"not signed in: {why}", err=True)
    except httpx2.HTTPError as why:
        typer.echo(f"{where} does not answer ({type(why).__name__}): send the same file again later", err=True)
    typer.echo(f"{progress.done} done, {progress.refused} refused, {progress.left} not sent")
    return progress.refused + progress.left


async def _sent(
    file: AppointmentFile, where: str, who: tuple[str, str, str], progress: "SendingProgress", *, confirm: bool
) -> None:
    async with httpx2.AsyncClient(base_url=where, timeout=WITHIN) as http:
        sender = AppointmentSender(file, await sign_in(http, *who))
        await send_all(file.rows, sender.confirm if confirm else sender.propose, progress.tell)


class SendingProgress:
    """Says what was refused as it comes, and how far it is now and then."""

    def __init__(self, rows: int) -> None:
        self._rows, self.done, self.refused = rows, 0, 0

    @property
    def left(self) -> int:
        """How many have no outcome."""
        return self._rows - self.done - self.refused

    def tell(self, outcome: RowOutcome) -> None:
        """One more row has its outcome."""
        if outcome.done:
            self.done += 1
        else:
            self.refused += 1
            typer.echo(f"row {outcome.line}, {outcome.account}: {outcome.said}", err=True)
        if (self.done + self.refused) % TOLD_EVERY == 0:
            typer.echo(f"{self.done + self.refused} of {self._rows}", err=True)
