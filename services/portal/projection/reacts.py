"""Which fold takes which fact: the whole list of what the portal reacts to."""

from collections.abc import Mapping

from contracts import facts
from contracts.envelope import Body
from services.portal.projection import deadlines, handling, registration
from services.portal.projection.folding import Handler, known

REACTS: Mapping[type[Body], Handler] = {
    facts.TicketRegistered: registration.on_ticket_registered,
    facts.TicketScreenedOut: registration.on_ticket_screened_out,
    facts.TicketSupplemented: known(registration.on_ticket_supplemented),
    facts.SubmissionConflicted: known(registration.on_submission_conflicted),
    facts.TicketWithdrawn: known(registration.on_ticket_withdrawn),
    facts.TicketErased: known(registration.on_ticket_erased),
    facts.AssignmentQueued: known(handling.on_assignment_queued),
    facts.TicketAssigned: known(handling.on_ticket_assigned),
    facts.TicketReturned: known(handling.on_ticket_returned),
    facts.TicketAccepted: known(handling.on_ticket_accepted),
    facts.DeadlineSet: known(deadlines.on_deadline_set),
    facts.ClockStopped: known(deadlines.on_clock_stopped),
    facts.LightChanged: known(deadlines.on_light_changed),
    facts.LightWithdrawn: known(deadlines.on_light_withdrawn),
    facts.SupervisionOrdered: known(deadlines.on_supervision_ordered),
    facts.OrderWithdrawn: known(deadlines.on_order_withdrawn),
    facts.PlanMade: known(handling.on_plan_made),
    facts.ProgressReported: known(handling.on_progress_reported),
    facts.TicketCompleted: known(handling.on_ticket_completed),
    facts.EvaluationReminded: known(handling.on_evaluation_reminded),
    facts.TicketEvaluated: known(handling.on_ticket_evaluated),
    facts.LookBackRecorded: known(handling.on_look_back_recorded),
    facts.ReworkOrdered: known(handling.on_rework_ordered),
    facts.TicketStruckOff: known(handling.on_ticket_struck_off),
    facts.PersonNotified: known(handling.on_person_notified),
    facts.DeliveryUnknown: known(handling.on_delivery_unknown),
}
