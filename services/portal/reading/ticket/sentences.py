"""What each step of the story says, in Chinese and English. A sentence takes {unit} and the fields of its step."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from contracts import lifecycle, vocabulary
from contracts.vocabulary import Language, Pair
from services.portal import times
from services.portal.reading.ticket import steps
from services.portal.reading.ticket.steps import FoldedStep, UnknownStep

Names = Mapping[str, Pair]


NOTICES: Names = {
    "registered": ("登记号和查询码", "number and query code"),
    "screened_out": ("暂未受理及原因", "not registered yet, and why"),
    "conflicted": ("另一份内容已并入", "other words were kept with it"),
    "seat_named": ("请确认席位", "please confirm the seat"),
    "assigned": ("已交办", "assigned"),
    "accepted": ("已受理及承诺", "accepted, and the promise"),
    "deadline_moved": ("时限调整", "a new deadline"),
    "standard_applied": ("标准调整后的时限", "a new deadline by another standard"),
    "conference_held": ("联席会议决定暂缓办理", "held back by a joint conference"),
    "plan_held": ("政策限制，暂不能办结", "held back by policy"),
    "plan_lapsed": ("恢复办理", "taken up again"),
    "more_time": ("时限延长", "more time"),
    "pause_ended": ("恢复计时", "the clock goes on"),
    "asked": ("请补充情况", "a question"),
    "progress": ("办理进展", "progress"),
    "evaluate": ("请评价", "please evaluate"),
    "remind": ("提醒评价", "a reminder to evaluate"),
    "reply_help": ("短信评价说明", "how to evaluate by SMS"),
    "rework": ("重办", "it is done again"),
    "struck_off": ("已销号", "struck off"),
    "withdrawn": ("撤回回执", "receipt of the withdrawal"),
}
SOLVED: Mapping[bool, Pair] = {True: ("已解决", "solved"), False: ("未解决", "not solved")}


@dataclass(frozen=True, slots=True)
class Sentence:
    """Both languages; ``codes``: the fields that hold a code, and what it is called."""

    zh: str
    en: str
    codes: Mapping[str, Names] = field(default_factory=dict)


TOLD = {"what": NOTICES, "channel": vocabulary.CHANNELS}
FOUND = {"finding": vocabulary.FINDINGS, "method": vocabulary.CHECK_METHODS, "also": vocabulary.FOUND_LACKING}
TOLD_MANY = Sentence(
    "已通知 {people} 人：{what}（{channel}）。", "{people} people were told: {what} ({channel}).", TOLD
)
UNKNOWN = Sentence("事项有了新的进展。", "The matter went one step further.")

SENTENCES: Mapping[type[FoldedStep], Sentence] = {
    steps.RegisteredStep: Sentence(
        "登记挂号，来自{channel}。", "Registered, received by {channel}.", {"channel": vocabulary.CHANNELS}
    ),
    steps.ScreenedOutStep: Sentence("甄别为不予受理：{reason_zh}", "Screened out: {reason_en}"),
    steps.SupplementedStep: Sentence("反映人补充了情况。", "The reporter added facts."),
    steps.ConflictedStep: Sentence(
        "同一提交码收到不同内容，已作为补充保存。", "The same key came with other words; kept as a supplement."
    ),
    steps.QueuedStep: Sentence(
        "等待人工交办：{reason}", "Waiting for a person to assign it: {reason}", {"reason": vocabulary.QUEUED}
    ),
    steps.AssignedStep: Sentence("交办给{unit}（第{hop}次交办）。", "Assigned to {unit} (assignment {hop})."),
    steps.UrgencyJudgedStep: Sentence("{level}。", "{level}.", {"level": vocabulary.URGENCY}),
    steps.ReturnedStep: Sentence(
        "{unit}退回：{ground}。", "Returned by {unit}: {ground}.", {"ground": vocabulary.GROUNDS}
    ),
    steps.DisputedStep: Sentence(
        "{unit}再次退回，提请督查室裁定：{ground}。",
        "Returned again by {unit}; the supervision office decides: {ground}.",
        {"ground": vocabulary.GROUNDS},
    ),
    steps.AcceptedStep: Sentence(
        "{unit}受理，承诺：{promise_zh}。", "Accepted by {unit}, which promised: {promise_en}."
    ),
    steps.ClockStartedStep: Sentence(
        "开始计时，{clock}：{due}。", "The clock runs. {clock} {due}.", {"clock": lifecycle.CLOCK_NAMES}
    ),
    steps.LightTurnedStep: Sentence("亮灯：{colour}。", "The light turned: {colour}.", {"colour": vocabulary.LIGHTS}),
    steps.LightWithdrawnStep: Sentence(
        "撤销误亮的灯，恢复为{colour}。", "A false light was withdrawn: {colour} again.", {"colour": vocabulary.LIGHTS}
    ),
    steps.LadderReachedStep: Sentence("督办阶梯：{name_zh}。", "A step of the ladder: {name_en}."),
    steps.OrderedStep: Sentence("督查室发出督办件 {order}。", "The supervision office issued order {order}."),
    steps.OrderWithdrawnStep: Sentence("督办件 {order} 撤销。", "Order {order} was withdrawn."),
    steps.MoreTimeAskedStep: Sentence(
        "{unit}申请{how}：{ground}。",
        "{unit} asked for {how}: {ground}.",
        {"how": vocabulary.MORE_TIME, "ground": vocabulary.MORE_TIME_GROUNDS},
    ),
    steps.MoreTimeGrantedStep: Sentence(
        "{how}：{ground}，时限 {due}。",
        "{how}: {ground}; due {due}.",
        {"how": vocabulary.MORE_TIME, "ground": vocabulary.MORE_TIME_GROUNDS},
    ),
    steps.MoreTimeRefusedStep: Sentence(
        "未批准{how}：{ground}。",
        "Not granted, {how}: {ground}.",
        {"how": vocabulary.MORE_TIME, "ground": vocabulary.MORE_TIME_GROUNDS},
    ),
    steps.PauseEndedStep: Sentence("恢复计时，时限 {due}。", "The clock goes on; due {due}."),
    steps.ReferredStep: Sentence(
        "提交联席会议研究：{ground}。", "Put to a joint conference: {ground}.", {"ground": vocabulary.REFERRED}
    ),
    steps.ConferenceDecidedStep: Sentence(
        "联席会议（{conference}，{held_on}）决定：{decision}。",
        "The joint conference ({conference}, {held_on}) decided: {decision}.",
        {"decision": vocabulary.CONFERENCE_DECISIONS},
    ),
    steps.ConferenceHeldStep: Sentence(
        "联席会议（{conference}，{held_on}）决定：暂缓办理，{until} 复查。",
        "The joint conference ({conference}, {held_on}) decided: held back, to be looked at again on {until}.",
    ),
    steps.OrderAnsweredStep: Sentence(
        "{unit}答复督办件 {order} 第 {index} 项。", "{unit} answered item {index} of order {order}."
    ),
    steps.OrderLiftedStep: Sentence("督办件 {order} 销督。", "Order {order} was lifted."),
    steps.OrderSentBackStep: Sentence(
        "督办件 {order} 退回，须在 {until} 前重新答复。", "Order {order} was sent back, to be answered anew by {until}."
    ),
    steps.PlannedStep: Sentence(
        "{unit}制定办理方案：{mode}。", "{unit} made a plan: {mode}.", {"mode": vocabulary.MODES}
    ),
    steps.PlanApprovedStep: Sentence(
        "办理方案（第{version}版）审核同意。", "The plan (version {version}) was approved."
    ),
    steps.PlanRejectedStep: Sentence(
        "办理方案（第{version}版）未获同意，须重新制定：{ground}。",
        "The plan (version {version}) was not approved and is drafted anew: {ground}.",
        {"ground": vocabulary.PLAN_GROUNDS},
    ),
    steps.PlanLapsedStep: Sentence(
        "此事恢复办理，{unit}继续办理，原承诺时限继续计算，暂缓的日子不计。",
        "It is taken up again: {unit} goes on, and the promised time runs on without the days of the hold.",
    ),
    steps.MeasureDoneStep: Sentence("{unit}落实第{index}项措施。", "{unit} did measure {index}."),
    steps.MeasureGoesOnStep: Sentence("{unit}报告第{index}项措施的进展。", "{unit} reported on measure {index}."),
    steps.ContactedStep: Sentence(
        "{unit}已联系反映人（{method}）。", "{unit} spoke to the reporter ({method}).", {"method": vocabulary.METHODS}
    ),
    steps.NotReachedStep: Sentence(
        "{unit}联系反映人，未能接通（{method}）。",
        "{unit} tried to reach the reporter, without success ({method}).",
        {"method": vocabulary.METHODS},
    ),
    steps.AskedStep: Sentence(
        "{unit}请反映人在 {until} 前补充情况。", "{unit} asked the reporter something, to be answered by {until}."
    ),
    steps.ProgressAskedStep: Sentence("催问{unit}办理进展。", "{unit} was asked how far it is."),
    steps.StuckStep: Sentence("自 {since} 起没有进展。", "Nothing has moved since {since}."),
    steps.VerifiedStep: Sentence("核实（{method}）：{finding}{also}。", "Verified ({method}): {finding}{also}.", FOUND),
    steps.FoundByUnitStep: Sentence(
        "{unit}核实（{method}）：{finding}{also}，待其他单位核实。",
        "{unit} found ({method}): {finding}{also}; another office has yet to verify it.",
        FOUND,
    ),
    steps.ExplainedStep: Sentence("{unit}已当面说明情况。", "{unit} explained it in person."),
    steps.ProgressStep: Sentence("{unit}报告进展。", "{unit} reported progress."),
    steps.SubmittedStep: Sentence(
        "{unit}提交办结并附证明材料 {evidence} 份，待逐级验收（共{levels}级）。",
        "{unit} says it is done; pieces of evidence: {evidence}. Levels of review to come: {levels}.",
    ),
    steps.ReviewPassedStep: Sentence(
        "{reviewer}验收通过（第{level}级）。",
        "Passed by {reviewer} (level {level}).",
        {"reviewer": vocabulary.REVIEWERS},
    ),
    steps.ReviewRejectedStep: Sentence(
        "{reviewer}验收未通过（第{level}级），退回继续办理：{ground}。",
        "Sent back by {reviewer} (level {level}): {ground}.",
        {"reviewer": vocabulary.REVIEWERS, "ground": vocabulary.REVIEW_GROUNDS},
    ),
    steps.CompletedStep: Sentence(
        "{unit}办结并附证明材料 {evidence} 份，请反映人评价。",
        "Completed by {unit}; pieces of evidence: {evidence}. The reporter is asked to evaluate.",
    ),
    steps.RemindedStep: Sentence("提醒反映人评价。", "The reporter was reminded to evaluate."),
    steps.LookBackDueStep: Sentence("反映人未回应，转人工回访。", "No answer: somebody will call back."),
    steps.EvaluatedStep: Sentence(
        "反映人评价：{grade}，{solved}。", "The reporter evaluated: {grade}, {solved}.", {"grade": vocabulary.GRADES}
    ),
    steps.VoteChangedStep: Sentence(
        "反映人修改评价：{grade}，{solved}。",
        "The reporter changed the evaluation: {grade}, {solved}.",
        {"grade": vocabulary.GRADES},
    ),
    steps.NobodyAnsweredStep: Sentence("回访未接通（第{attempts}次）。", "A call was not answered (time {attempts})."),
    steps.UnreachedStep: Sentence(
        "回访{attempts}次均未接通，不再回访，仍待评价。",
        "Nobody answered {attempts} times: nobody calls again, and the evaluation is still open.",
    ),
    steps.LookBackStep: Sentence(
        "回访记录：{grade}，{solved}。", "Look-back: {grade}, {solved}.", {"grade": vocabulary.GRADES}
    ),
    steps.ReworkStep: Sentence(
        "{reason}，第{count}次重办。", "{reason}: done again, time {count}.", {"reason": vocabulary.REWORK}
    ),
    steps.StruckOffStep: Sentence("群众满意，销号。", "The people are satisfied: struck off."),
    steps.CheckOpenedStep: Sentence("列入抽查，等待核查。", "Chosen for a check."),
    steps.CheckedStep: Sentence(
        "核查（{method}）：{outcome}。",
        "Checked ({method}): {outcome}.",
        {"method": vocabulary.CHECK_METHODS, "outcome": vocabulary.CHECK_OUTCOMES},
    ),
    steps.HeldToAccountStep: Sentence(
        "追责问责：{outcome}。", "Held to account: {outcome}.", {"outcome": vocabulary.ACCOUNTABILITY}
    ),
    steps.RuleMadeStep: Sentence(
        "建章立制：《{title}》（{scope}），自 {valid_from} 起施行。",
        "A rule was made: {title} (for {scope}), in force from {valid_from}.",
        {"scope": vocabulary.RULE_SCOPES},
    ),
    steps.WithdrawnStep: Sentence("反映人撤回。", "Withdrawn by the reporter."),
    steps.ErasedStep: Sentence("应反映人要求，个人信息已销毁。", "Personal data destroyed at the reporter's wish."),
    steps.ToldStep: Sentence("已通知反映人：{what}（{channel}）。", "The reporter was told: {what} ({channel}).", TOLD),
}


def sentence(step: FoldedStep | UnknownStep, unit: Pair, language: Language) -> str:
    """The step in words. ``unit``: whose step it was, in both languages."""
    chosen = _chosen(step)
    words = {each.name: _word(step, each.name, chosen.codes, language) for each in fields(step)}
    return vocabulary.say((chosen.zh, chosen.en), language).format(unit=vocabulary.say(unit, language), **words)


def _chosen(step: FoldedStep | UnknownStep) -> Sentence:
    if isinstance(step, UnknownStep):
        return UNKNOWN
    return TOLD_MANY if isinstance(step, steps.ToldStep) and step.people > 1 else SENTENCES[type(step)]


def _word(step: FoldedStep | UnknownStep, name: str, codes: Mapping[str, Names], language: Language) -> str:
    value: Any = getattr(step, name)
    if name in codes:
        return vocabulary.name(codes[name], str(value), language)
    if isinstance(value, datetime):
        return times.clock_time(value, language)
    if isinstance(value, bool):
        return vocabulary.say(SOLVED[value], language)
    return str(value or getattr(step, f"{name.removesuffix('_en')}_zh", value))
