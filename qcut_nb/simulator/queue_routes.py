"""The queue: submit, status, status stream, result, cancel."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

from tornado.iostream import StreamClosedError

from ..catalog import ModelSpec, WireFault, models
from .faults import Fault
from .plan import VIDEO_ID_PREFIX
from .records import Outcome, Record
from .shelf import MEDIA_NAME, is_request_id
from .timeline import Standing, logs
from .web import Handler
from .work import failure, refusal

HEARTBEAT_S = 5.0


class SubmitHandler(Handler):
    """POST /{endpoint}."""

    kind = "submit"

    async def post(self, endpoint: str) -> None:
        """Accept a request."""
        faults = self.world.faults
        body = self.json_body()
        spec = models.by_endpoint(endpoint)
        if spec is None:
            return self.answer({"detail": f"Application '{endpoint}' not found"}, 404)
        if not isinstance(body, dict):
            return self.answer({"detail": "Invalid JSON body"}, 400)
        prompt = str(body.get("prompt") or "")
        if fault := faults.take(
            "rate_limited", "submit_error", "submit_dropped", endpoint=endpoint, prompt=prompt
        ):
            return self._not_accepted(fault)
        verdict = faults.take("verdict", endpoint=endpoint, prompt=prompt)
        most = self.get_query_argument("fal_max_queue_length", "")
        if most.isdecimal() and self.world.jobs.waiting(endpoint) > int(most):
            return self.answer({"detail": "The queue is full"}, 429)
        record = self.world.jobs.accept(
            spec,
            body,
            verdict=verdict_outcome(verdict) if verdict else None,
            relapse=faults.take("relapse", endpoint=endpoint, prompt=prompt) is not None,
            stubborn=faults.take("ignores_cancel", endpoint=endpoint, prompt=prompt) is not None,
            start_timeout_s=_seconds(self.request.headers.get("X-Fal-Request-Timeout")),
        )
        fault = faults.take(
            "lost_reply", "stalled_reply", "short_answer", endpoint=endpoint, prompt=prompt
        )
        if fault and fault.kind == "lost_reply":
            return self.drop()
        if fault and fault.kind == "stalled_reply":
            await asyncio.sleep(fault.delay_s)
        ids = {"request_id": record.request_id, "gateway_request_id": record.request_id}
        if fault and fault.kind == "short_answer":
            return self.answer(ids)
        where = self.world.jobs.look(record)
        self.answer(
            {
                **ids,
                "status": "IN_QUEUE",
                "queue_position": where.queue_position or 0,
                **urls(self.origin, record),
                "logs": None,
                "metrics": {},
            },
            headers={"x-fal-request-id": record.request_id},
        )

    def _not_accepted(self, fault: Fault) -> None:
        if fault.kind == "submit_dropped":
            return self.drop()
        if fault.kind == "submit_error":
            return self.answer({"detail": "Internal Server Error"}, fault.status)
        wait = {} if fault.retry_after_s is None else {"Retry-After": str(fault.retry_after_s)}
        self.answer({"detail": "Too many requests"}, 429, wait)


class RequestHandler(Handler):
    """Base of the handlers for one request, by its id alone: the short form has no more."""

    def find(self, request_id: str) -> Record | None:
        """The request, if there is one."""
        if not is_request_id(request_id):
            return None
        record = self.world.jobs.book.get(request_id)
        if record is not None:
            self.set_header("x-fal-request-id", record.request_id)
        return record

    def fault(self, record: Record, *kinds: Any) -> Fault | None:
        """A fault that hits this request now."""
        return self.world.faults.take(*kinds, endpoint=record.endpoint, prompt=record.prompt)

    def wants_logs(self) -> bool:
        """Whether log lines are asked for."""
        return self.get_query_argument("logs", "0").lower() in ("1", "true")


class StatusHandler(RequestHandler):
    """GET .../requests/{id}/status."""

    kind = "status"

    def get(self, request_id: str) -> None:
        """Where the job stands."""
        record = self.find(request_id)
        if record is None:
            return self.answer({"status": "NOT_FOUND"}, 404)
        if fault := self.fault(record, "status_error"):
            return self.answer({"detail": "Bad gateway"}, fault.status)
        where = self.world.jobs.look(record)
        body = status_body(self.origin, record, where, self.wants_logs())
        if self.fault(record, "unknown_status"):
            body["status"] = "IN_LIMBO"
        self.answer(body, 200 if where.state == "COMPLETED" else 202)


class StreamHandler(RequestHandler):
    """GET .../requests/{id}/status/stream: server-sent events."""

    kind = "stream"

    async def get(self, request_id: str) -> None:
        """Every change of the status, until it is COMPLETED."""
        record = self.find(request_id)
        if record is None:
            return self.answer({"status": "NOT_FOUND"}, 404)
        if fault := self.fault(record, "stream_refused"):
            return self.answer({"detail": "No stream"}, fault.status)
        cut = self.fault(record, "stream_cut") is not None
        self.set_header("Content-Type", "text/event-stream; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        try:
            await self._events(request_id, record, cut)
        except StreamClosedError:
            return

    async def _events(self, request_id: str, record: Record, cut: bool) -> None:
        jobs, closing = self.world.jobs, self.world.closing
        clock = asyncio.get_running_loop().time
        sent, sent_at = "", -HEARTBEAT_S
        while not closing.is_set() and not self.request.connection.stream.closed():  # type: ignore[union-attr]
            record = jobs.book.get(request_id) or record
            where = jobs.look(record)
            event = json.dumps(status_body(self.origin, record, where, self.wants_logs()))
            if event != sent or clock() - sent_at >= HEARTBEAT_S:
                self.write(f"data: {event}\n\n")
                await self.flush()
                sent, sent_at = event, clock()
            if where.state == "COMPLETED" or cut:
                return
            await jobs.wait(record, where.next_at)


class ResultHandler(RequestHandler):
    """GET .../requests/{id}, with or without /response."""

    kind = "result"

    def get(self, request_id: str) -> None:
        """The output, or the error: the verdict on the job."""
        record = self.find(request_id)
        if record is None:
            return self.answer({"detail": "Request not found"}, 404)
        if fault := self.fault(record, "result_error"):
            return self.answer({"detail": "Gateway error"}, fault.status)
        where = self.world.jobs.look(record)
        if where.state != "COMPLETED":
            return self.answer({"detail": "Request is still in progress"}, 400)
        outcome = outcome_of(record, where)
        spec = models.by_endpoint(record.endpoint)
        headers = {} if outcome.units is None else {"X-Fal-Billable-Units": outcome.units}
        if outcome.status != 200 or spec is None:
            if isinstance((outcome.body or {}).get("detail"), list):
                headers["X-Fal-Retryable"] = "false" if outcome.status == 422 else "true"
            else:
                headers["X-Fal-Error-Type"] = outcome.error_type or "internal_error"
                if where.span.expired:
                    headers["X-Fal-Request-Timeout-Type"] = "user"
            return self.answer(outcome.body or {}, outcome.status, headers)
        self.answer(self._output(spec, record, outcome), 200, headers)

    def _output(self, spec: ModelSpec, record: Record, outcome: Outcome) -> dict[str, Any]:
        url = f"{self.origin}/files/out/{record.request_id}/{MEDIA_NAME}"
        path = self.world.shelf.made(record.request_id)
        if record.body.get("sync_mode") and path is not None:
            url = "data:video/mp4;base64," + base64.b64encode(path.read_bytes()).decode()
        file = {"url": url, "content_type": "video/mp4", "file_name": MEDIA_NAME}
        with_facts = any(part in spec.endpoint for part in ("/sora-2", "/ltx-2", "/wan-25"))
        facts = outcome.video if with_facts else {"file_size": outcome.video.get("file_size")}
        output: dict[str, Any] = {"video": file | facts}
        if outcome.seed is not None:
            output["seed"] = outcome.seed
        if spec.output.follows in ("audio_file", "video") and outcome.video.get("duration"):
            output["duration"] = outcome.video["duration"]
        if "/sora-2" in spec.endpoint:
            output["video_id"] = VIDEO_ID_PREFIX + record.request_id
        return output


class CancelHandler(RequestHandler):
    """PUT .../requests/{id}/cancel."""

    kind = "cancel"

    def put(self, request_id: str) -> None:
        """Ask for the end of a job."""
        record = self.find(request_id)
        if record is None:
            return self.answer({"status": "NOT_FOUND"}, 404)
        if self.world.jobs.cancel(record):
            return self.answer({"status": "CANCELLATION_REQUESTED"}, 202)
        self.answer({"status": "ALREADY_COMPLETED"}, 400)


def urls(origin: str, record: Record) -> dict[str, str]:
    """The three addresses of a request, in the short form."""
    owner, alias = record.endpoint.split("/")[:2]
    base = f"{origin}/{owner}/{alias}/requests/{record.request_id}"
    return {
        "response_url": base,
        "status_url": f"{base}/status",
        "cancel_url": f"{base}/cancel",
    }


def status_body(origin: str, record: Record, where: Standing, with_logs: bool) -> dict[str, Any]:
    """A status answer as fal words it."""
    body: dict[str, Any] = {
        "status": where.state,
        "request_id": record.request_id,
        **urls(origin, record),
    }
    if where.state == "IN_QUEUE":
        return body | {"queue_position": where.queue_position or 0}
    body["logs"] = logs(record, where) if with_logs else None
    if where.state == "COMPLETED":
        body["metrics"] = {"inference_time": round(where.span.end - where.span.start, 3)}
        outcome = outcome_of(record, where)
        if outcome.status != 200:
            body["error"] = _error_text(outcome)
            body["error_type"] = outcome.error_type
    return body


def outcome_of(record: Record, where: Standing) -> Outcome:
    """The verdict on a completed job."""
    if where.span.expired:
        return failure(504, "request_timeout", "The request did not start in time")
    if where.span.cancelled or record.outcome is None:
        return failure(499, "client_cancelled", "The request was cancelled by the client")
    return record.outcome


def verdict_outcome(fault: Fault) -> Outcome:
    """The outcome that a `verdict` fault asks for."""
    if fault.status == 422:
        kind = fault.error_type or "content_policy_violation"
        text = "The content could not be processed because it was flagged by a content checker."
        loc = ("body", "prompt")
        return refusal([WireFault(loc=loc, type=kind, msg=text, ctx={})])
    if fault.status == 504:
        kind = fault.error_type or "request_timeout"
        return failure(504, kind, "The request timed out")
    if fault.error_type in (None, "internal_server_error"):
        text = "An internal error occurred"
        return refusal(
            [WireFault(loc=("body",), type="internal_server_error", msg=text, ctx={})], fault.status
        )
    return failure(fault.status, fault.error_type, "The runner failed")


def _seconds(header: str | None) -> float | None:
    try:
        return float(header) if header else None
    except ValueError:
        return None


def _error_text(outcome: Outcome) -> str:
    detail = (outcome.body or {}).get("detail")
    if isinstance(detail, list) and detail:
        return str(detail[0]["msg"])
    return str(detail)
