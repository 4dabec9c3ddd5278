"""deploy/grafana/dashboards/province.json: one dashboard that answers "is the province being served right now?".

Read from the top: can people get in, is it worked off, is it on time; then what to look at when one of them is red.
"""

import json
from dataclasses import dataclass
from typing import Any

SOURCE = {"type": "prometheus", "uid": "prometheus"}


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. ``red_from``: the value from which it is red; 0: never. ``width``: of 24 columns."""

    title: str
    expr: str
    legend: str = "{{service}}"
    unit: str = "short"
    kind: str = "timeseries"
    width: int = 8
    red_from: float = 0


def stat(title: str, expr: str, red_from: float, unit: str = "short") -> Panel:
    """One number that turns red."""
    return Panel(title, expr, "", unit, "stat", 4, red_from)


def p99(title: str, histogram: str, window: str = "1m", width: int = 8) -> Panel:
    """What one in a hundred exceeds, in seconds, by service."""
    rate = f"sum by (service, le) (rate({histogram}_bucket[{window}]))"
    return Panel(title, f"histogram_quantile(0.99, {rate})", unit="s", width=width)


def rate(title: str, counter: str, by: str = "service", width: int = 8) -> Panel:
    """How many a second, by a label."""
    return Panel(title, f"sum by ({by}) (rate({counter}[1m]))", f"{{{{{by}}}}}", "ops", width=width)


REFUSED = 'sum(rate(duban_requests_total{answer="unavailable"}[2m])) or vector(0)'
OLDEST_BEAT = "max(time() - (duban_loop_heartbeat_timestamp_seconds > 0))"

ROWS: tuple[tuple[str, tuple[Panel, ...]], ...] = (
    (
        "服务是否正常 · Is the province being served right now?",
        (
            stat("无响应的进程 · processes down", 'count(up{job=~"duban.*"} == 0) or vector(0)', 1),
            stat("暂停的服务 · services that hold", "sum(duban_loop_held) or vector(0)", 1),
            stat("无法处理的消息 · parked messages", "sum(duban_dead_letters) or vector(0)", 1),
            stat("答 503 的请求/秒 · requests answered 503", REFUSED, 0.001, "reqps"),
            stat("未读记录 · records unread", "sum(duban_loop_lag_records) or vector(0)", 1000),
            stat("最旧心跳 · oldest heartbeat", OLDEST_BEAT, 60, "s"),
        ),
    ),
    (
        "进得来吗 · Can people get in?",
        (
            rate("请求/秒 · requests", "duban_requests_total", "answer", 12),
            p99("写入确认 p99 · acknowledged by Kafka, p99", "duban_publish_seconds", width=12),
        ),
    ),
    (
        "办得动吗 · Is it worked off?",
        (
            rate("处理的消息/秒 · messages handled", "duban_loop_messages_total"),
            Panel("未读记录 · records unread", "sum by (service) (duban_loop_lag_records)"),
            p99("端到端 p99 · end to end, p99", "duban_end_to_end_seconds"),
        ),
    ),
    (
        "按时吗 · Is it on time?",
        (
            rate("计时提醒/秒 · knocks", "duban_timer_knocks_total"),
            p99("计时滞后 p99 · timer lateness, p99", "duban_timer_lateness_seconds", "5m"),
            p99("每批用时 p99 · step, p99", "duban_loop_step_seconds"),
        ),
    ),
    (
        "出了什么事 · What happened",
        (
            rate("消息的结局/秒 · ends of messages", "duban_loop_messages_total", "end", 12),
            rate("让出的写入/秒 · writes lost", "duban_loop_writes_lost_total", width=12),
        ),
    ),
)


def page() -> str:
    """The dashboard as Grafana reads it."""
    board = {
        "uid": "duban-province",
        "title": "督办 · Is the province being served?",
        "tags": ["duban"],
        "timezone": "Asia/Shanghai",
        "refresh": "5s",
        "time": {"from": "now-15m", "to": "now"},
        "schemaVersion": 41,
        "panels": _panels(),
    }
    return json.dumps(board, ensure_ascii=False, indent=2) + "\n"


def _panels() -> list[dict[str, Any]]:
    panels: list[dict[str, Any]] = []
    y = 0
    for title, row in ROWS:
        panels.append({"id": len(panels) + 1, "type": "row", "title": title, "gridPos": _place(0, y, 24, 1)})
        height, x = (4 if row[0].kind == "stat" else 8), 0
        for panel in row:
            panels.append(_panel(len(panels) + 1, panel, _place(x, y + 1, panel.width, height)))
            x += panel.width
        y += 1 + height
    return panels


def _place(x: int, y: int, width: int, height: int) -> dict[str, int]:
    return {"x": x, "y": y, "w": width, "h": height}


def _panel(number: int, panel: Panel, place: dict[str, int]) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.red_from:
        steps.append({"color": "red", "value": panel.red_from})
    thresholds = {"mode": "absolute", "steps": steps}
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "datasource": SOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": {"unit": panel.unit, "thresholds": thresholds}, "overrides": []},
        "targets": [{"refId": "A", "datasource": SOURCE, "expr": panel.expr, "legendFormat": panel.legend}],
    }
