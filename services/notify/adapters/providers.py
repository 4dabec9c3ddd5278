"""The providers, the texts and the duty accounts of an installation, as its settings name them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from services.notify.adapters.duty_book import DutyBook
from services.notify.adapters.sms import HttpSms
from services.notify.adapters.smtp import Server, Smtp
from services.notify.adapters.templates import Templates, packaged
from services.notify.ports import Duties, LocalDuties, Messenger
from services.notify.settings import NotifySettings


def messengers_of(settings: NotifySettings, wall: Callable[[], datetime]) -> dict[str, Messenger]:
    """The providers that are set. Without one for a channel nobody is written to by it, and that is said."""
    messengers: dict[str, Messenger] = {}
    if settings.sms_url:
        deadline = timedelta(seconds=settings.sms_deadline)
        messengers["sms"] = HttpSms(settings.sms_url, settings.sms_key, deadline=deadline)
    if settings.smtp_host:
        where, security = (settings.smtp_host, settings.smtp_port), settings.smtp_security
        server = Server(*where, security, settings.smtp_user, settings.smtp_password)
        messengers["email"] = Smtp(server, settings.smtp_sender, wall)
    return messengers


def templates_of(settings: NotifySettings) -> Templates:
    """The templates, with this installation's addresses and signature."""
    return packaged(settings.site, settings.sms_signature, settings.staff_site, replies=settings.sms_replies)


def duties_of(settings: NotifySettings) -> Duties:
    """How units are reached. Raises SettingsRefused."""
    return DutyBook(settings.duty_book) if settings.duty_book else LocalDuties()
