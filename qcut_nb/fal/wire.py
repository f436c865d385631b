"""One connection pool to fal; what may be sent twice, and what may not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from ..errors import FalConnectionError, FalError, FalServerError, FalTimeoutError
from .failures import failure
from .hosts import Hosts, origin_of
from .keys import Key
from .transport import http_client

NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.ProxyError,
)
"""What surely happened before any byte of a request was sent."""

TIMEOUT = httpx.Timeout(60.0, connect=15.0, pool=None)
CALLS_AT_ONCE = 8
"""More do not come through faster, and the pool's own queue grows slow with its length."""
GET_RETRY_S = (0.5, 1.0, 2.0, 4.0)
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
FREE = "Asking costs nothing."
USER_AGENT = "qcut-nb/0.1"


class Wire:
    """Requests with the key, to the configured hosts only, without redirects.

    Args:
        key: Goes into the Authorization header.
        hosts: The only origins that get it.
    """

    def __init__(self, key: Key, hosts: Hosts) -> None:
        self.hosts = hosts
        self.key = key
        self._used = {key}
        self._gate = asyncio.Semaphore(CALLS_AT_ONCE)
        self._trusted = tuple(f"{origin_of(url)}/" for url in (hosts.queue, hosts.rest, hosts.api))
        self.http = http_client()

    async def aclose(self) -> None:
        """Close all connections."""
        await self.http.aclose()

    def use_key(self, key: Key) -> None:
        """Send another key from the next request on."""
        self.key = key
        self._used.add(key)

    def scrub(self, text: str) -> str:
        """A text without any key that was ever sent from here."""
        for key in self._used:
            text = key.scrub(text)
        return text

    def read(self, body: bytes | str) -> object:
        """What fal said: a body as JSON, or as text where it is none.

        Everything of fal's that is shown or kept comes through here, so that a key that a server
        repeats, in an answer, a log line or an error, is left behind.
        """
        text = body if isinstance(body, str) else body.decode(errors="replace")
        if "\\" not in text and "\0" not in text and self.scrub(text) == text:
            return decoded(body)  # nothing hides a key that is not there as it is written
        try:
            return _each_text(decoded(body), self.scrub)
        except RecursionError:
            return None

    def json_object(self, response: httpx.Response) -> dict[str, Any]:
        """The body of an answer as a JSON object; see `read`.

        Raises:
            FalServerError: It is something else.
        """
        body = self.read(response.content)
        if isinstance(body, dict):
            return body
        raise FalServerError(
            "fal's answer is not a JSON object.", money=FREE, status_code=response.status_code
        )

    def authorize(self, url: str) -> dict[str, str]:
        """The header with the key, for a trusted URL.

        Raises:
            FalError: The URL is not on a configured host: the key is not sent there.
        """
        if not url.startswith(self._trusted):
            raise FalError(
                f"fal's answer points to {origin_of(url)}, which is not a configured host.",
                money="The key was not sent there.",
                remedy="If this host is right, set QCUT_NB_FAL_URL.",
            )
        return {"Authorization": self.key.header()}

    async def send(self, method: str, url: str, **options: Any) -> httpx.Response:
        """Send one request with the key, once.

        Raises:
            FalConnectionError: No connection was made; nothing was sent.
            FalTimeoutError: It was sent, and no answer came in time.
            FalError: It was sent, and the connection broke.
        """
        headers = self.authorize(url) | options.pop("headers", {})
        try:
            async with self._gate:
                # Made only when its turn comes: ten thousand jobs may be waiting here.
                request = request_of(method, url, headers, TIMEOUT, **options)
                return await self.http.send(request)
        except NOTHING_SENT as error:
            raise FalConnectionError(
                f"{origin_of(url)} cannot be reached ({type(error).__name__}).",
                money="Nothing was sent.",
                remedy="Check the network and try again.",
            ) from error
        except httpx.TimeoutException as error:
            raise FalTimeoutError(
                f"{origin_of(url)} did not answer in time ({type(error).__name__})."
            ) from error
        except httpx.HTTPError as error:
            raise FalError(
                f"The connection to {origin_of(url)} broke ({type(error).__name__})."
            ) from error

    async def get(
        self,
        url: str,
        *,
        money: str = FREE,
        charged: Callable[[int, Mapping[str, str]], str] | None = None,
        **options: Any,
    ) -> httpx.Response:
        """GET with the key; passing failures are tried again a few times.

        Args:
            url: On a configured host.
            money: What a failure means for the user's money.
            charged: The same, where fal's answer decides it, from its status and headers.
            options: As for `request_of`.

        Raises:
            FalConnectionError: fal cannot be reached.
            FalTimeoutError: No answer in time.
            FalError: Any other answer than 2xx.
        """
        for delay_s in (*GET_RETRY_S, None):
            try:
                response = await self.send("GET", url, **options)
            except FalError as error:
                if delay_s is None:
                    if type(error) is FalError and error.status_code is None:
                        raise FalConnectionError(
                            error.what, money=money, remedy=error.remedy
                        ) from error
                    raise
            else:
                if response.is_success:
                    return response
                told = charged(response.status_code, response.headers) if charged else money
                refusal = self.failure(response, money=told)
                # An answer with fal's own error code is a verdict; one without is a gateway's.
                if delay_s is None or response.status_code not in PASSING or refusal.error_type:
                    raise refusal
            await asyncio.sleep(delay_s)
        raise AssertionError

    @asynccontextmanager
    async def stream(
        self, url: str, headers: Mapping[str, str], read_timeout_s: float
    ) -> AsyncIterator[httpx.Response]:
        """A GET with the key whose body is read as it comes."""
        timeout = httpx.Timeout(read_timeout_s, connect=15.0, pool=None)
        request = request_of("GET", url, self.authorize(url) | dict(headers), timeout)
        response = await self.http.send(request, stream=True)
        try:
            yield response
        finally:
            await response.aclose()

    def failure(
        self, response: httpx.Response, *, money: str, request_id: str | None = None
    ) -> FalError:
        """The error that an answer means."""
        return failure(
            response.status_code,
            self.read(response.content),
            {name: self.scrub(value) for name, value in response.headers.items()},
            money=money,
            request_id=request_id,
        )


def request_of(
    method: str, url: str, headers: Mapping[str, str], timeout: httpx.Timeout, **content: Any
) -> httpx.Request:
    """A request with what each has.

    Made without a client, which would merge its own headers, cookies and parameters into it: that
    is a third of what a small request costs.
    """
    return httpx.Request(
        method,
        url,
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate", **headers},
        extensions={"timeout": timeout.as_dict()},
        **content,
    )


def decoded(body: bytes | str) -> object:
    """A body as JSON, or as text where it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body if isinstance(body, str) else body.decode(errors="replace")


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """A JSON value with each text in it changed, the names of objects' members too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each_text(item, change) for item in value]
    if isinstance(value, dict):
        return {change(name): _each_text(item, change) for name, item in value.items()}
    return value
