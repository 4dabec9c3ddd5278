"""Problems (RFC 9457) for people: a code for programs, and in Chinese and English what to do."""

from typing import Any

from rfc9457 import Problem

from runtime.delivery.ports import ClockWrong, NoRoom, Unavailable

RETRY_AFTER = "5"  # seconds
LATER = "60"  # seconds: somebody has to make room


class Refusal(Problem):
    """A problem with its code and its two sentences."""

    def __init__(self, status: int, code: str, zh: str, en: str, headers: dict[str, str] | None = None, **more: Any):
        super().__init__(title=en, type_=code, status=status, headers=headers, detail=zh, zh=zh, en=en, **more)


def not_found() -> Refusal:
    """Nothing there, or nothing that the caller may see: the two are not told apart."""
    return Refusal(404, "not_found", "没有找到，或您无权查看。", "Not found, or not yours to see.")


def unavailable() -> Refusal:
    """Kafka or the database is silent: the same key is safe to send again."""
    zh, en = (
        "系统繁忙，请稍后用同一编号重发，不会重复登记。",
        "Busy: send it again with the same key; nothing is done twice.",
    )
    return Refusal(503, "unavailable", zh, en, headers={"Retry-After": RETRY_AFTER})


def no_room() -> Refusal:
    """The disks are nearly full: nothing new is taken. The same key is safe to send again."""
    zh, en = "系统存储空间不足，暂停受理，请稍后用同一编号重发。", "Out of room: send it again later with the same key."
    return Refusal(503, "no_room", zh, en, headers={"Retry-After": LATER})


def clock_wrong() -> Refusal:
    """The machine's clock is wrong: no deadline, light or instant that it tells is true."""
    zh, en = "系统时钟有误，暂停服务，请稍后重试。", "The system's clock is wrong: try again later."
    return Refusal(503, "clock_wrong", zh, en, headers={"Retry-After": LATER})


def refusal_of(why: Unavailable) -> Refusal:
    """What a caller is told of ``why``."""
    match why:
        case NoRoom():
            return no_room()
        case ClockWrong():
            return clock_wrong()
        case _:
            return unavailable()


PLAIN = {
    404: ("没有找到。", "Not found."),
    405: ("不支持此方法。", "Method not allowed."),
    413: ("内容超过 256 KB，请缩短或改用附件。", "The body is over 256 KB: shorten it, or send an attachment."),
    400: ("请求格式不对。", "The request is malformed."),
}
