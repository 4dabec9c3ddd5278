"""What notify says and what is asked of it."""

from contracts.messages import notify
from tests.facts.values import made
from tests.harness import MONDAY

DELIVERY = {"audience": "reporter", "person": 0, "kind": "struck_off", "round": 1, "channel": "sms", "reference": "r"}


def person_notified(**changed: object) -> notify.PersonNotified:
    return made(notify.PersonNotified, changed, **DELIVERY, outcome="sent")


def person_told(**changed: object) -> notify.PersonTold:
    return made(notify.PersonTold, changed, **DELIVERY, outcome="sent")


def people_notified(*told: notify.PersonTold, **changed: object) -> notify.PeopleNotified:
    return made(notify.PeopleNotified, changed, told=told or (person_told(),), letter="r")


def delivery_unknown(**changed: object) -> notify.DeliveryUnknown:
    return made(notify.DeliveryUnknown, changed, **DELIVERY)


def delivery_report(**changed: object) -> notify.DeliveryReport:
    return made(notify.DeliveryReport, changed, reference="r", channel="sms", outcome="sent")


def subscription_published(**changed: object) -> notify.SubscriptionPublished:
    usual = {"id": "s1", "version": 1, "owner": "platform", "url": "https://example.org/duban", "division": "431226"}
    return made(notify.SubscriptionPublished, changed, **usual, secrets=("sealed",), created=MONDAY)


def subscription_state_published(**changed: object) -> notify.SubscriptionStatePublished:
    return made(notify.SubscriptionStatePublished, changed, id="s1", version=1, state="active", since=MONDAY)


def channel_registered(**changed: object) -> notify.ChannelRegistered:
    usual = {"id": "c1", "kind": "subscription", "name": "邻县平台推送", "owner": "platform", "purpose": "同步办理结果"}
    more = {"term": "standing", "division": "431226", "registered": MONDAY}
    return made(notify.ChannelRegistered, changed, **usual, **more)


def report_delivery(**changed: object) -> notify.ReportDelivery:
    return made(notify.ReportDelivery, changed, reports=(delivery_report(),))


def set_preferences(**changed: object) -> notify.SetPreferences:
    return made(notify.SetPreferences, changed, voter=0, channel="page", muted=("progress",))


def explain_reply(**changed: object) -> notify.ExplainReply:
    return made(notify.ExplainReply, changed, voter=0, round=1)
