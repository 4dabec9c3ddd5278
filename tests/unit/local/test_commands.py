"""What the words on the command line mean."""

import pytest

from services.__main__ import COMMANDS, meant, overview


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("", "serve all"),
        ("sla", "serve sla"),
        ("sla loop", "serve sla loop"),
        ("portal", "serve portal"),
        ("portal api", "serve portal api"),
        ("portal rebuild", "portal rebuild"),
        ("up --in-memory", "up --in-memory"),
    ],
)
def test_a_services_name_serves_it(typed: str, means: str) -> None:
    assert meant(typed.split()) == means.split()


def test_the_overview_names_every_command() -> None:
    assert all(f"  {name} " in overview() for name in COMMANDS)
