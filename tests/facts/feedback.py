"""What feedback says and what is asked of it."""

from contracts.messages import feedback
from contracts.values import Measure
from tests.facts.values import DAY, HOUR, LEAD, NUMBER, PHOTO, STANDARD, UNIT, made
from tests.harness import MONDAY

MEASURES = (Measure(text="sealed", person="sealed", due=MONDAY + HOUR),)


def plan_made(**changed: object) -> feedback.PlanMade:
    return made(feedback.PlanMade, changed, mode="at_once", measures=MEASURES)


def progress_asked(**changed: object) -> feedback.ProgressAsked:
    return made(feedback.ProgressAsked, changed, words="sealed")


def stuck(**changed: object) -> feedback.TicketStuck:
    return made(feedback.TicketStuck, changed, since=MONDAY)


def ask_progress(**changed: object) -> feedback.AskProgress:
    return made(feedback.AskProgress, changed, words="sealed")


def plan_reviewed(**changed: object) -> feedback.PlanReviewed:
    given = {"version": 1, "approved": False, "redrafts": 1, "mode": "within_limit"}
    return made(feedback.PlanReviewed, changed, **given, grounds=("measures_vague",), words="sealed")


def measure_reported(**changed: object) -> feedback.MeasureReported:
    return made(feedback.MeasureReported, changed, plan=1, index=1, done=True, words="sealed", evidence=(PHOTO,))


def plan_lapsed(**changed: object) -> feedback.PlanLapsed:
    return made(feedback.PlanLapsed, changed, standard=STANDARD)


def reporter_contacted(**changed: object) -> feedback.ReporterContacted:
    return made(feedback.ReporterContacted, changed, method="phone", reached=True)


def reporter_asked(**changed: object) -> feedback.ReporterAsked:
    return made(feedback.ReporterAsked, changed, until=MONDAY + 3 * DAY, words="sealed")


def progress_reported(**changed: object) -> feedback.ProgressReported:
    return made(feedback.ProgressReported, changed, index=1, text="sealed")


def completed(**changed: object) -> feedback.TicketCompleted:
    given = {"round": 1, "unit": UNIT, "explanation": "sealed", "evidence": (PHOTO,), "voters": 1}
    return made(feedback.TicketCompleted, changed, **given)


def evaluation_reminded(**changed: object) -> feedback.EvaluationReminded:
    return made(feedback.EvaluationReminded, changed, round=1, outstanding=(0,))


def evaluated(**changed: object) -> feedback.TicketEvaluated:
    return made(feedback.TicketEvaluated, changed, round=1, voter=0, grade=5, solved=True)


def look_back_attempted(**changed: object) -> feedback.LookBackAttempted:
    return made(feedback.LookBackAttempted, changed, round=1, method="phone", attempts=1, unreached=False)


def look_back_recorded(**changed: object) -> feedback.LookBackRecorded:
    return made(feedback.LookBackRecorded, changed, round=1, method="phone", grade=5, solved=True)


def rework_ordered(**changed: object) -> feedback.ReworkOrdered:
    given = {"round": 2, "unit": UNIT, "votes": 1, "dissatisfied": 1, "reason": "not_satisfied", "count": 1}
    return made(feedback.ReworkOrdered, changed, **given, reviewer=LEAD, standard=STANDARD)


def struck_off(**changed: object) -> feedback.TicketStruckOff:
    return made(feedback.TicketStruckOff, changed, number=NUMBER, round=1, votes=1, satisfied=1, unit=UNIT)


def plan_ticket(**changed: object) -> feedback.PlanTicket:
    return made(feedback.PlanTicket, changed, mode="at_once", measures=MEASURES)


def review_plan(**changed: object) -> feedback.ReviewPlan:
    return made(feedback.ReviewPlan, changed, version=1, approved=True)


def report_measure(**changed: object) -> feedback.ReportMeasure:
    return made(feedback.ReportMeasure, changed, index=1, done=True, words="sealed")


def record_contact(**changed: object) -> feedback.RecordContact:
    return made(feedback.RecordContact, changed, method="phone", reached=True)


def ask_reporter(**changed: object) -> feedback.AskReporter:
    return made(feedback.AskReporter, changed, until=MONDAY + 3 * DAY, words="sealed")


def report_progress(**changed: object) -> feedback.ReportProgress:
    return made(feedback.ReportProgress, changed, text="sealed")


def complete_ticket(**changed: object) -> feedback.CompleteTicket:
    return made(feedback.CompleteTicket, changed, explanation="sealed", evidence=(PHOTO,))


def evaluate_ticket(**changed: object) -> feedback.EvaluateTicket:
    return made(feedback.EvaluateTicket, changed, voter=0, grade=5, solved=True)


def record_look_back(**changed: object) -> feedback.RecordLookBack:
    return made(feedback.RecordLookBack, changed, method="phone", grade=5, solved=True)


def record_attempt(**changed: object) -> feedback.RecordAttempt:
    return made(feedback.RecordAttempt, changed, method="phone")


def reopen_ticket(**changed: object) -> feedback.ReopenTicket:
    return made(feedback.ReopenTicket, changed, reason="spot_check_failed")
