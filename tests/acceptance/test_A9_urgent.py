"""A9 Urgent: very urgent matters are flagged at once by rule, before any other rule."""

from tests.acceptance.town import Town


async def test_A9_an_urgent_word_flags_the_matter_at_once(town: Town) -> None:
    receipt = await town.submit("燃气泄漏", "麻阳县高村镇小区燃气泄漏，味道很大，快来人！", place="高村镇")
    registered = (await town.fact("TicketRegistered", receipt.number)).body
    assert registered.urgent
    assert registered.urgency == "gas", "the class, and no word of the reporter's"


async def test_A9_an_urgent_matter_is_never_screened_out(town: Town) -> None:
    for title, content in (("着火了", "起火"), ("求救", "有人落水了"), ("快", "我家着火了，快来人")):
        receipt = await town.submit(title, content)
        assert (await town.fact("TicketRegistered", receipt.number)).body.urgent


async def test_A9_an_ordinary_matter_is_not_urgent(town: Town) -> None:
    receipt = await town.submit("路灯不亮", "麻阳县兰里镇街上路灯不亮，请换灯泡。", place="兰里镇")
    assert not (await town.fact("TicketRegistered", receipt.number)).body.urgent
