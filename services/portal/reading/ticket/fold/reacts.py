"""Which fold takes which fact: the whole list of what the portal reacts to."""

from collections.abc import Mapping

from contracts.envelope import Body
from contracts.messages import feedback, intake, notify, routing, sla
from services.portal.reading.ticket.fold import deadlines, handling, registration
from services.portal.reading.ticket.fold.folding import Handler, known

REACTS: Mapping[type[Body], Handler] = {
    intake.TicketRegistered: registration.on_ticket_registered,
    intake.TicketScreenedOut: registration.on_ticket_screened_out,
    intake.TicketSupplemented: known(registration.on_ticket_supplemented),
    intake.SubmissionConflicted: known(registration.on_submission_conflicted),
    intake.TicketWithdrawn: known(registration.on_ticket_withdrawn),
    intake.TicketErased: known(registration.on_ticket_erased),
    routing.AssignmentQueued: known(handling.on_assignment_queued),
    routing.TicketAssigned: known(handling.on_ticket_assigned),
    routing.TicketReturned: known(handling.on_ticket_returned),
    routing.TicketAccepted: known(handling.on_ticket_accepted),
    routing.UrgencyJudged: known(handling.on_urgency_judged),
    sla.DeadlineSet: known(deadlines.on_deadline_set),
    sla.ClockStopped: known(deadlines.on_clock_stopped),
    sla.LightChanged: known(deadlines.on_light_changed),
    sla.LightWithdrawn: known(deadlines.on_light_withdrawn),
    sla.SupervisionOrdered: known(deadlines.on_supervision_ordered),
    sla.OrderWithdrawn: known(deadlines.on_order_withdrawn),
    feedback.PlanMade: known(handling.on_plan_made),
    feedback.ProgressReported: known(handling.on_progress_reported),
    feedback.TicketCompleted: known(handling.on_ticket_completed),
    feedback.EvaluationReminded: known(handling.on_evaluation_reminded),
    feedback.TicketEvaluated: known(handling.on_ticket_evaluated),
    feedback.LookBackRecorded: known(handling.on_look_back_recorded),
    feedback.ReworkOrdered: known(handling.on_rework_ordered),
    feedback.TicketStruckOff: known(handling.on_ticket_struck_off),
    notify.PersonNotified: known(handling.on_person_notified),
    notify.DeliveryUnknown: known(handling.on_delivery_unknown),
}
