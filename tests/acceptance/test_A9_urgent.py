"""A9 Urgent: very urgent matters are flagged at once by rule, before any other rule."""

from datetime import timedelta

from tests.acceptance.town import RunningSystem


async def test_A9_an_urgent_word_flags_the_matter_at_once(town: RunningSystem) -> None:
    receipt = await town.submit("燃气泄漏", "麻阳县高村镇小区燃气泄漏，味道很大，快来人！", place="高村镇")
    registered = (await town.fact("TicketRegistered", receipt.number)).body
    assert registered.urgent
    assert registered.urgency == "gas", "the class, and no word of the reporter's"


async def test_A9_an_urgent_matter_is_never_screened_out(town: RunningSystem) -> None:
    for title, content in (("着火了", "起火"), ("求救", "有人落水了"), ("快", "我家着火了，快来人")):
        receipt = await town.submit(title, content)
        assert (await town.fact("TicketRegistered", receipt.number)).body.urgent


async def test_A9_staff_lower_what_is_perhaps_urgent_and_say_why(town: RunningSystem) -> None:
    receipt = await town.submit("燃气", "麻阳县高村镇三组听说有人家燃气泄漏了，我没有闻到。", place="高村镇")
    registered = (await town.fact("TicketRegistered", receipt.number)).body
    assert (registered.urgent, registered.urgency_level) == (True, "perhaps")
    path, wanted = f"/v1/tickets/{receipt.number}/urgency", {"urgent": False, "reason": "已到现场核实，没有泄漏。"}
    await town.call("routing", "POST", path, who=town.staff("supervisor"), json=wanted)
    judged = (await town.fact("UrgencyJudged", receipt.number)).body
    assert (judged.urgent, judged.level, judged.why) == (False, "no", "person")


async def test_A9_an_ordinary_matter_is_not_urgent(town: RunningSystem) -> None:
    receipt = await town.submit("路灯不亮", "麻阳县兰里镇街上路灯不亮，请换灯泡。", place="兰里镇")
    assert not (await town.fact("TicketRegistered", receipt.number)).body.urgent


async def test_A9_an_urgent_matter_that_no_rule_can_place_has_clocks_in_minutes(town: RunningSystem) -> None:
    receipt = await town.submit("出事了", "鼓楼区街上有人昏迷不醒，快来人！")  # of which city?
    queued = (await town.fact("AssignmentQueued", receipt.number)).body
    assert (queued.number.replace(" ", ""), queued.urgent) == (receipt.number.replace(" ", ""), True)
    desk = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "assign_by")).body
    day = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")).body
    assert (desk.due - desk.start, day.due - day.start) == (timedelta(minutes=30), timedelta(days=1))
    assert desk.unit == day.unit == (queued.lead_unit or "431226-SUP")
    town.wind(desk.due - town.clock.now())
    red = (await town.fact("LightChanged", receipt.number, lambda m: m.body.new == "red")).body
    assert (red.clock, red.urgent) == (desk.clock, True)
    path = f"/v1/tickets/{receipt.number}/explain"
    told = (await town.call("sla", "GET", path, who=town.staff("supervisor"))).json()["deadlines"]
    assert [each["lines"][0]["zh"] for each in told] == [
        "特急交办时限（平台规定）：30 分钟", "特急办结时限（平台规定）：24 小时",
    ]  # fmt: skip
    assert told[0]["lines"][1]["en"].startswith("Starts with coming to the desk that hands out")
