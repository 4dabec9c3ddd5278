"""The invariants V1–V12 and V15 on a village that has come to rest. Source: reliability.md, "Invariants"."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import pairwise

from contracts import feed, lifecycle, public, snapshots
from contracts.envelope import Kind, RequestDecided
from contracts.messages import feedback, notify, reviews, routing, sla
from runtime.delivery.records import OUTCOMES_KEPT
from services.intake.adapters.signing import verified
from services.intake.domain.export import Verifier
from services.notify.workers.feed import event_of
from services.portal.reading.ticket.snapshot import snapshot_of
from simulation.clock_checks import (
    every_timer_that_is_over_fired,
    no_order_is_false,
    plans_that_are_asked_for_are_timed,
    reporters_are_to_be_contacted,
    the_lines_give_the_deadline,
    timers_fire_once_in_order_and_never_early,
    what_is_held_back_comes_back,
    work_that_is_open_is_timed,
)
from simulation.filing import CANARY
from simulation.history import MOVES, History, Violated, disputes, following, state_of
from simulation.measure_checks import measures_turn_once_and_in_their_time
from simulation.step_checks import steps_are_said_once_and_in_their_time, steps_of_a_matter_have_one_cause_each
from simulation.village import Village

ARRIVED = ("sent", "delivered")
AWAITED = {state.value: kind for kind, row in lifecycle.CLOCKS.items() for state in row.starts_with}
"""State → the clock that begins with it. The work of an urgent matter may have begun before it was accepted."""


def check(village: Village) -> Counter[tuple[str, str]]:
    """All invariants; the transitions that were met. Raises Violated."""
    history = History(village.log.of_topic("tickets"))
    for of_the_log in OF_THE_LOG:
        of_the_log(history)
    for of_the_village in OF_THE_VILLAGE:
        of_the_village(history, village)
    return history.transitions()


def every_acknowledged_submission_has_one_document(history: History, village: Village) -> None:
    records = village.stores["intake"].records
    for ticket, number in village.counter.acknowledged.items():
        document = records[ticket].document if ticket in records else None
        if document is None or document.number != number:
            raise Violated(f"V1 {ticket} is lost")
    if extra := records.keys() - village.counter.acknowledged.keys():
        raise Violated(f"V2 {extra} nobody submitted")


def one_id_has_one_payload(history: History) -> None:
    payloads: dict[str, bytes] = {}
    for record in history.records:
        message_id = dict(record.headers)["ce_id"].decode()
        if payloads.setdefault(message_id, record.value) != record.value:
            raise Violated(f"V3 {message_id} has two payloads")


def histories_are_legal(history: History) -> None:
    history.transitions()


def a_dispute_is_decided_by_supervision(history: History) -> None:
    """V3: what leaves ``disputed`` to a unit was asked for by the supervision office."""
    for ticket, messages in history.messages.items():
        asked = {each.id: each.actor for each in messages if each.kind is Kind.REQUEST}
        moves = [each for each in messages if isinstance(each.body, MOVES)]
        for before, after in pairwise(moves):
            if not (disputes(before.body) and isinstance(after.body, routing.TicketAssigned)):
                continue
            decider = asked.get(after.cause)
            if decider is None or decider.role != "supervisor":
                raise Violated(f"V3 {ticket}: a dispute was decided by {decider.role if decider else 'nobody'}")


def each_person_is_told_once(history: History) -> None:
    """V4. Sending twice fails in the messenger itself; here: the facts."""
    told = Counter((ticket, each.reference) for ticket, each, _ in _told(history) if each.outcome in ARRIVED)
    if twice := [key for key, count in told.items() if count > 1]:
        raise Violated(f"V4 told twice: {twice[:3]}")


def _told(history: History) -> Iterator[tuple[str, notify.PersonNotified | notify.PersonTold, str]]:
    """Ticket, what became of a delivery, and the letter that it went in: "" as builds said it that knew none."""
    for message in history.of(notify.PersonNotified):
        yield message.key, message.body, ""
    for message in history.of(notify.PeopleNotified):
        yield from ((message.key, each, each.letter or message.body.letter) for each in message.body.told)


def each_delivery_is_in_one_letter(history: History, village: Village) -> None:
    """V11. Telling twice in two letters fails in the messenger itself; here: what was reported, and what went."""
    letters: dict[tuple[str, str], set[str]] = defaultdict(set)
    for message in history.of(notify.ReportDelivery):
        for each in message.body.reports:
            letters[message.key, each.reference].add(each.letter)
    if torn := [key for key, theirs in letters.items() if len(theirs) != 1 or "" in theirs]:
        raise Violated(f"V11 not in one letter: {torn[:3]}")
    for ticket, told, letter in _told(history):
        sent = village.delivering.sms.sent.get(letter)
        if told.outcome in ARRIVED and (sent is None or told.reference not in sent.deliveries):
            raise Violated(f"V11 {ticket} {told.reference}: told, and letter {letter} did not say it")


def everybody_who_must_act_has_a_clock(history: History, village: Village) -> None:
    """A9, B6, C3: whoever a matter comes to, a desk or a unit, has a time for it from that instant on."""
    set_ = {(m.key, m.body.kind, m.body.start) for m in history.of(sla.DeadlineSet)}
    for ticket, messages in history.messages.items():
        state = ""
        for move in (each for each in messages if isinstance(each.body, MOVES)):
            state = following(state, move.body) or state
            if isinstance(move.body, reviews.ReviewRejected):
                continue  # back where it came from: that clock goes on, from the start that it had
            if state in AWAITED and (ticket, AWAITED[state], move.at) not in set_:
                raise Violated(f"V5 {ticket} became {state}, and no {AWAITED[state]} began")


def the_ledger_verifies(history: History, village: Village) -> None:
    """V6: an export verifies and has one entry per record."""
    verifier = Verifier(verified)
    faults = verifier.check(village.exported)
    written = len(history.records) + len(village.log.of_topic("submissions"))
    if faults or verifier.entries != written:
        raise Violated(f"V6 {faults[:3]} {verifier.entries} of {written} entries")


def nothing_is_parked(history: History, village: Village) -> None:
    """V7: nobody poisoned anything here."""
    for name, store in village.stores.items():
        if store.letters:
            raise Violated(f"V7 {name} parked {next(iter(store.letters.values())).reason}")


def no_canary_is_anywhere(history: History, village: Village) -> None:
    canary = CANARY.encode()
    for record in (*history.records, *village.log.of_topic("submissions")):
        if canary in record.value or any(canary in value for _, value in record.headers):
            raise Violated(f"V8 a name is in {record.log}/{record.partition}/{record.offset}")


def every_request_has_one_outcome(history: History, village: Village) -> None:
    """V9, except what waits for a baton that never came, and a repeat after 32 others (architecture §2, point 2)."""
    kept = {
        dict(each.headers)["ce_id"].decode()
        for store in village.stores.values()
        for record in store.records.values()
        for each in record.kept
    }
    requests_have_one_outcome(history, kept)


def requests_have_one_outcome(history: History, kept: Collection[str]) -> None:
    """V9 on the log. ``kept``: requests that wait for a baton."""
    for messages in history.messages.values():
        decided = [each.body.request for each in messages if isinstance(each.body, RequestDecided)]
        asked = {each.id for each in messages if each.kind is Kind.REQUEST}
        wrong = [each for each in asked if not _has_one(decided, each) and not (each in kept and each not in decided)]
        if wrong:
            raise Violated(f"V9 not exactly one outcome: {wrong[:3]}")


def _has_one(decided: list[str], request: str) -> bool:
    places = [at for at, each in enumerate(decided) if each == request]
    return bool(places) and all(later - earlier > OUTCOMES_KEPT for earlier, later in pairwise(places))


def nothing_is_completed_without_its_chain(history: History) -> None:
    """V12: every level of a chain has passed before its TicketCompleted, each by another person than all the others."""
    for ticket, messages in history.messages.items():
        asked = {each.id: each.actor.principal for each in messages if each.kind is Kind.REQUEST and each.actor}
        open_, people = set[int](), list[str]()
        for each in messages:
            match each.body:
                case reviews.CompletionSubmitted():
                    open_, people = set(range(1, len(each.body.chain) + 1)), [asked[each.cause]]
                case reviews.ReviewPassed():
                    open_.discard(each.body.level)
                    people.append(asked[each.cause])
                case reviews.ReviewRejected():
                    open_, people = set(), []
                case feedback.TicketCompleted() if open_ or len(set(people)) < len(people):
                    raise Violated(f"V12 {ticket} was completed with levels {sorted(open_)} open, by {people}")
                case _:
                    continue


def lowered_urgency_has_a_reason(history: History) -> None:
    """V15: every lowered urgency has a request with a reason."""
    for ticket, messages in history.messages.items():
        lowered = sum(isinstance(each.body, routing.UrgencyJudged) and not each.body.urgent for each in messages)
        asked = sum(isinstance(each.body, routing.JudgeUrgency) and is_reasoned(each.body) for each in messages)
        if lowered > asked:
            raise Violated(f"V15 {ticket} was lowered without a reason")


def is_reasoned(wanted: routing.JudgeUrgency) -> bool:
    """Whether it lowers urgency, and says why."""
    return not wanted.urgent and (wanted.gives_reason or bool(wanted.reason))


def the_portal_says_the_same(history: History, village: Village) -> None:
    """The state of every ticket document is the one that the facts lead to."""
    records = village.stores["portal"].records
    for ticket, messages in history.messages.items():
        state = state_of(messages)
        document = records[ticket].document if ticket in records else None
        shown = document.state if document is not None else ""
        if shown != state:
            raise Violated(f"portal: {ticket} is shown as {shown}, is {state}")


def a_snapshot_is_where_the_public_events_lead(history: History, village: Village) -> None:
    """The snapshot of each ticket's document is the fold of what the feed says of it."""
    records, told = village.stores["portal"].records, _public(history)
    for ticket, record in records.items():
        shown = snapshot_of(record.document) if record.document is not None else None
        led = snapshots.folded(told[ticket])
        if shown != led:
            raise Violated(f"snapshot: {ticket} is {shown}, its events lead to {led}")


def _public(history: History) -> Mapping[str, list[public.Public]]:
    """Ticket → the data of its events, each once."""
    found, seen = defaultdict[str, list[public.Public]](list), set[bytes]()
    for record in history.records:
        event = event_of(record, "")
        if event is None or (said := dict(event.headers))["ce_id"] in seen:
            continue
        seen.add(said["ce_id"])
        found[record.key].append(feed.TICKET_EVENTS[said["ce_type"].decode()].model_validate_json(event.value))
    return found


AT_EVERY_MOMENT: tuple[Callable[[History], None], ...] = (
    one_id_has_one_payload,
    histories_are_legal,
    a_dispute_is_decided_by_supervision,
    each_person_is_told_once,
)
"""What no later message can mend."""

OF_THE_LOG: tuple[Callable[[History], None], ...] = (
    *AT_EVERY_MOMENT,
    timers_fire_once_in_order_and_never_early,
    no_order_is_false,
    steps_of_a_matter_have_one_cause_each,
    nothing_is_completed_without_its_chain,
    lowered_urgency_has_a_reason,
)
"""What the log alone shows, of a village and of a real installation alike."""

OF_THE_VILLAGE: tuple[Callable[[History, Village], None], ...] = (
    every_acknowledged_submission_has_one_document,
    each_delivery_is_in_one_letter,
    every_timer_that_is_over_fired,
    steps_are_said_once_and_in_their_time,
    measures_turn_once_and_in_their_time,
    the_lines_give_the_deadline,
    everybody_who_must_act_has_a_clock,
    plans_that_are_asked_for_are_timed,
    reporters_are_to_be_contacted,
    what_is_held_back_comes_back,
    work_that_is_open_is_timed,
    the_ledger_verifies,
    nothing_is_parked,
    no_canary_is_anywhere,
    every_request_has_one_outcome,
    the_portal_says_the_same,
    a_snapshot_is_where_the_public_events_lead,
)
