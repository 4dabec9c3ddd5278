"""What an API of sla publishes of the catalogue, and the proposals that wait: entries of the configuration."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from contracts.messages.standards import StandardApplied, StandardPublished, StandardsProposed
from runtime.clock import Clock
from runtime.delivery.ports import Writer
from runtime.delivery.records import Outgoing
from runtime.process.configuration import Configuration, publication, withdrawal
from services.sla.adapters.published_applied import applied_key
from services.sla.domain.proposals import StandardsProposal


class CatalogueBook:
    """Whoever folds configuration has what is said within a second."""

    def __init__(self, configuration: Configuration, writer: Writer, clock: Clock) -> None:
        self._configuration, self._writer, self._clock = configuration, writer, clock

    def published(self) -> Mapping[str, StandardPublished]:
        """Every version of each standard, by its key in the configuration."""
        return self._configuration.all(StandardPublished)

    def proposals(self) -> Mapping[str, StandardsProposal]:
        """By digest: those that wait, that were confirmed, and that nobody took back yet."""
        said = self._configuration.all(StandardsProposed).values()
        return {each.digest: StandardsProposal(**dict(each)) for each in said}

    async def propose(self, proposal: StandardsProposal, ran_out: Iterable[StandardsProposal]) -> None:
        """Say that it waits; nothing is left of those that ran out. Raises Unavailable."""
        gone = [withdrawal(_key(each), StandardsProposed) for each in ran_out if each.digest != proposal.digest]
        await self._writer.publish([*gone, self._said(proposal)])

    async def publish(self, proposal: StandardsProposal, versions: Mapping[str, StandardPublished]) -> None:
        """Say the versions, and last who proposed and who confirmed them. Raises Unavailable."""
        said = [publication(key, body, "sla", self._clock) for key, body in versions.items()]
        await self._writer.publish([*said, self._said(proposal)])

    def applied(self, division: str, code: str, version: int) -> StandardApplied | None:
        """What a division ordered for its running clocks; None: nobody did."""
        return self._configuration.all(StandardApplied).get(applied_key(division, code, version))

    async def apply(self, said: StandardApplied) -> None:
        """Say the order. Raises Unavailable."""
        key = applied_key(said.division, said.standard.code, said.standard.version)
        await self._writer.publish([publication(key, said, "sla", self._clock)])

    def _said(self, proposal: StandardsProposal) -> Outgoing:
        return publication(_key(proposal), StandardsProposed(**asdict(proposal)), "sla", self._clock)


def _key(proposal: StandardsProposal) -> str:
    return f"standards-proposed/{proposal.digest}"
