"""``duban env``: a filled ``.env`` for Compose, with secrets of its own and what the demonstration needs."""

import secrets as random
from base64 import b64encode, urlsafe_b64encode

import typer

from deploy.local.secrets import made
from deploy.local.settings import local
from deploy.local.supervisor import DOMAIN_BEGINS
from runtime.clock import Segment, WallTime, system_wall

OURS = """# Made by `duban env`: the secrets of one installation. Keep it, and show it to nobody.
# With another one the data that is there cannot be read. Every other setting: .env.example.
# Whoever has DUBAN_TOKEN_PRIVATE_KEY can sign in as anybody: only staff's loop is given it, and `duban staff first`.
"""
SHOWN_ONLY = """
# --- For the demonstration only: take these lines away before people use it.
"""
PASSWORDS = ("DUBAN_MONGODB_ROOT_PASSWORD", "DUBAN_MONGODB_PASSWORD", "DUBAN_GRAFANA_PASSWORD")
SMS_GATEWAY = "http://sms-gateway:8190"  # of the profile `demo`


def env() -> None:
    """Print a filled .env for docker compose: `duban env > .env`, once."""
    typer.echo(page(WallTime(system_wall())), nl=False)


def page(now: WallTime) -> str:
    """The file. A day of the demonstration's time lasts as long as with `duban up`."""
    keys = {name: value for name, value in made().items() if name.startswith("DUBAN_")}
    demonstration = {
        "DUBAN_CLOCK": str(Segment(now, DOMAIN_BEGINS, local().rate)),
        "DUBAN_SMS_URL": SMS_GATEWAY,
    }
    return f"{OURS}{_lines(_of_the_stores() | keys)}{SHOWN_ONLY}{_lines(demonstration)}"


def _of_the_stores() -> dict[str, str]:
    return {name: random.token_urlsafe(24) for name in PASSWORDS} | {
        "DUBAN_KAFKA_CLUSTER_ID": "d" + urlsafe_b64encode(random.token_bytes(16)).decode()[1:22],  # no leading dash
        "DUBAN_MONGODB_MEMBER_KEY": b64encode(random.token_bytes(48)).decode(),
    }


def _lines(values: dict[str, str]) -> str:
    return "".join(f"{name}='{value}'\n" for name, value in values.items())
