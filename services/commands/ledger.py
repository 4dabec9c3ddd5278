"""``duban ledger``: export the raw ledger, verify an export offline."""

import asyncio
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
import typer
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from runtime.platform import RealPlatform
from runtime.settings import load
from services.intake.domain.ledger import Entry, Fault, Head, chain_faults, head_faults
from services.intake.ledger import public_key
from services.intake.mongo import MongoLedger
from services.intake.settings import IntakeSettings

app = typer.Typer(
    help="原始台账: everything that was said, in an order nobody can change unseen.", no_args_is_help=True
)
HEADS_AT_MOST = 1_000_000


@app.command()
def export(to: Path) -> None:
    """Write entries and signed heads as JSON lines."""
    with to.open("wb") as out:
        count = asyncio.run(_export(out))
    typer.echo(f"{count} entries written to {to}; check them with: duban ledger verify {to}")


async def _export(out: Any) -> int:
    settings = load(IntakeSettings)
    platform = RealPlatform(settings, "intake")
    ledger, count = MongoLedger(platform.database("intake")), 0
    try:
        out.write(orjson.dumps({"public_key": b64encode(public_key(settings.ledger_key)).decode()}) + b"\n")
        for head, signature in await ledger.heads(HEADS_AT_MOST):
            out.write(orjson.dumps({"head": asdict(head), "signature": signature}) + b"\n")
        for place in await ledger.places():
            for entry in await ledger.chain(*place):
                out.write(orjson.dumps({"entry": asdict(entry)}) + b"\n")
                count += 1
    finally:
        await platform.stop()
    return count


@app.command()
def verify(
    export: Path, key: str = typer.Option("", help="Trusted public key, base64; default: the export's.")
) -> None:
    """Check every chain, head and signature of an export. Needs nothing but the file."""
    with export.open("rb") as lines:
        faults, entries, heads = check(lines, key)
    for fault in faults[:50]:
        typer.echo(f"{fault.where}: {fault.what}", err=True)
    typer.echo(f"{entries} entries, {heads} heads: " + (f"{len(faults)} FAULTS" if faults else "all as it was written"))
    raise typer.Exit(1 if faults else 0)


def check(lines: Iterable[bytes], trusted: str = "") -> tuple[list[Fault], int, int]:
    """Faults, entries and heads of an export."""
    chains: dict[tuple[str, int], list[Entry]] = defaultdict(list)
    heads: list[tuple[Head, str]] = []
    for line in lines:
        row = _parsed(line)
        if row is None:
            return [Fault("export", "a line is not what an export writes")], 0, 0
        trusted = trusted or row.get("public_key", "")
        if entry := row.get("entry"):
            chains[entry["log"], entry["partition"]].append(Entry(**entry))
        if head := row.get("head"):
            chained = tuple((*chain,) for chain in head["chains"])
            heads.append((Head(head["number"], chained, head["previous"]), row["signature"]))
    faults = [fault for chain in chains.values() for fault in chain_faults(chain)]
    faults += head_faults([head for head, _ in heads], chains)
    faults += [
        Fault(f"head {head.number}", "the signature does not fit") for head, s in heads if not _signed(head, s, trusted)
    ]
    return faults, sum(map(len, chains.values())), len(heads)


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        row = orjson.loads(line)
        Entry(**row["entry"]) if "entry" in row else None
        Head(**row["head"]) if "head" in row else None
    except (orjson.JSONDecodeError, TypeError, KeyError):
        return None
    return row if isinstance(row, dict) else None


def _signed(head: Head, signature: str, trusted: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(b64decode(trusted)).verify(b64decode(signature), head.hash.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
