"""Many matters of one class plan at once (E2): completed, or a measure reported, with one evidence for all of them."""

from typing import Any

from fastapi import FastAPI

from contracts.envelope import Body
from runtime.http.app import IdempotencyKey
from runtime.identity.tokens import Staff, require
from services.feedback.api.bodies import BulkCompletion, BulkMeasure
from services.feedback.api.handling import completion_of
from services.feedback.api.plans import measure_of
from services.feedback.api.tickets import CaseRequests
from services.feedback.ports import FiledCase


def of_classes(app: FastAPI, window: CaseRequests) -> None:
    @app.post("/v1/completions", status_code=202)
    async def complete_many(done: BulkCompletion, staff: Staff, idempotency_key: IdempotencyKey) -> dict[str, Any]:
        """批量办结, of what has the class plan; where each outcome can be asked for."""
        require(staff, "unit")

        async def body_of(filed: FiledCase) -> Body | None:
            return await completion_of(window, filed, done) if filed.case.class_plan == done.class_plan else None

        return await window.put(done.numbers, staff, idempotency_key, body_of, done)

    @app.post("/v1/measures", status_code=202)
    async def report_many(report: BulkMeasure, staff: Staff, idempotency_key: IdempotencyKey) -> dict[str, Any]:
        """批量报告措施, of what has the class plan; where each outcome can be asked for."""
        require(staff, "unit")

        async def body_of(filed: FiledCase) -> Body | None:
            return await measure_of(window, filed, report) if filed.case.class_plan == report.class_plan else None

        return await window.put(report.numbers, staff, idempotency_key, body_of, report)
