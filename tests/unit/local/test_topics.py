"""``duban topics``: what is typed wrong is said before anything is touched."""

import pytest
import typer

from cli.topics import topics


def test_a_service_that_there_is_not_is_named_with_those_that_there_are() -> None:
    with pytest.raises(typer.BadParameter, match="intake, routing, sla, notify, feedback, portal"):
        topics(1, 0, "nobody")
