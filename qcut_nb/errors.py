"""Every error this package raises, and what each means for a user's money.

Three questions choose the class: can the user fix it, did fal say no, did our own step fail.

```
QcutError
|- ConfigError                  fix the set-up
|  |- MissingKeyError           no fal key was found
|  |- PanelNotBuiltError        the JavaScript bundle is not in this installation
|  |- FfmpegMissingError        no ffmpeg binary for MoviePy
|  `- ProjectError              the project folder cannot be used
|- InputError(ValueError)       nothing was sent, nothing was spent
|  |- UnknownModelError
|  |- UnsupportedInputError     a value this model does not take
|  |- RetiredModelError         the model was shut down
|  |- BudgetExceededError       the quote does not fit a cap
|  |  `- ConfirmationNeededError  it may be started once a person says yes to its price
|  `- ReuseQuestionError        the project already has the clip that was asked for
|- FalError                     fal answered no, or did not answer
|  |- FalConnectionError        nothing was sent
|  |- FalTimeoutError(TimeoutError)
|  |- FalAuthError              401
|  |- FalAccountError           403: locked account, empty balance, missing permission
|  |- FalRejectedError          400, 404, 422: the input, or the content
|  |- FalRateLimitError         429
|  |- FalServerError            5xx
|  `- SubmitUnknownError        the reply was lost: it may be charged; never re-sent
|- JobError                     a job ended without a clip
|  |- JobFailedError
|  `- JobCancelledError
`- MediaError                   our own step failed; nothing already paid for is lost
   |- UploadRejectedError       a file is not what the model takes; nothing was spent
   |- DownloadError             the clip exists at fal; downloading again is free
   `- RenderError
```
"""

from __future__ import annotations

import reprlib
from decimal import Decimal
from numbers import Real
from typing import Self

NOTHING_SPENT = "Nothing was spent."


class QcutError(Exception):
    """What happened, whether money was spent, and the next call.

    Attributes:
        what: What happened, in one or two sentences.
        money: Whether money was spent, is reserved, or may be; empty where money is not involved.
        remedy: What to do now, where possible the exact call; may be empty.
    """

    default_money = ""

    def __init__(self, what: str, *, money: str | None = None, remedy: str = "") -> None:
        self.what = what if not what or what[-1] in ".!?…" else f"{what}."
        self.money = self.default_money if money is None else money
        self.remedy = remedy
        super().__init__(self._text())

    def saying(self, *, money: str | None = None, remedy: str | None = None) -> Self:
        """This error, told by one who knows more: what it means for money, or what to do."""
        self.money = self.money if money is None else money
        self.remedy = self.remedy if remedy is None else remedy
        self.args = (self._text(),)
        return self

    def _text(self) -> str:
        return " ".join(part for part in (self.what, self.money, self.remedy) if part)


class ConfigError(QcutError):
    """The set-up has to be fixed before anything can run."""


class MissingKeyError(ConfigError):
    """No fal API key was found in any of the places that are looked at."""

    default_money = NOTHING_SPENT


class PanelNotBuiltError(ConfigError):
    """The JavaScript bundle of a widget is not part of this installation."""


class FfmpegMissingError(ConfigError):
    """MoviePy found no ffmpeg binary."""


class ProjectError(ConfigError):
    """The project folder cannot be used: not writable, made by a newer version, or damaged."""


class InputError(QcutError, ValueError):
    """A value has to be changed; it was refused before anything was sent."""

    default_money = NOTHING_SPENT


def must_be(
    name: str,
    value: object,
    kinds: type | tuple[type, ...],
    allowed: str,
    remedy: str,
    *,
    least: float | None = None,
    money: str | None = None,
) -> None:
    """Refuse an argument of a wrong kind; `True` and `False` are no numbers.

    Args:
        name: The argument.
        value: What was given for it.
        kinds: The types that it may have; numbers as `numbers.Real` or `numbers.Integral`, which
            numpy's are too.
        allowed: What it has to be, as in "is not ...".
        remedy: What to pass.
        least: The smallest number.
        money: As for `InputError`.

    Raises:
        InputError: It is not.
    """
    right = isinstance(value, kinds) and (kinds is bool or not isinstance(value, bool))
    if right and isinstance(value, Real) and least is not None:
        right = not value < least
    if not right:
        what = f"{name}={reprlib.repr(value)} is not {allowed}."
        raise InputError(what, money=money, remedy=remedy)


class UnknownModelError(InputError):
    """No model has this id, alias or endpoint."""


class UnsupportedInputError(InputError):
    """A model does not take this value.

    Attributes:
        field: The name of the parameter or file that is wrong, as the caller spells it.
    """

    def __init__(
        self, what: str, *, field: str, money: str | None = None, remedy: str = ""
    ) -> None:
        self.field = field
        super().__init__(what, money=money, remedy=remedy)


class RetiredModelError(InputError):
    """The model was shut down; live mode refuses it before any money."""


class BudgetExceededError(InputError):
    """The quote does not fit under a cap.

    Attributes:
        cap: The cap as the budget spells it, for example "per_day_usd"; its ending is the unit of
            all amounts.
        limit: The cap's value; `None` where no amount is concerned.
        spent: What was spent so far of what the cap counts.
        reserved: What is held for jobs under way, and for those that may be charged.
        needed: What the refused jobs may take, at most.
    """

    def __init__(
        self,
        what: str,
        *,
        cap: str = "",
        limit: Decimal | None = None,
        spent: Decimal | None = None,
        reserved: Decimal | None = None,
        needed: Decimal | None = None,
        money: str | None = None,
        remedy: str = "",
    ) -> None:
        self.cap = cap
        self.limit = limit
        self.spent = spent
        self.reserved = reserved
        self.needed = needed
        super().__init__(what, money=money, remedy=remedy)


class ConfirmationNeededError(BudgetExceededError):
    """It costs more than may be spent without asking, or a price is not known.

    A person who is asked and says yes can start it: `confirm=True`, and
    `allow_unknown_price=True` where a price is unknown.

    Attributes:
        needed: What it may cost, US dollars, without the jobs of unknown price.
        unknown: How many jobs have no known price.
    """

    def __init__(
        self, what: str, *, needed: Decimal, unknown: int, cap: str = "", remedy: str = ""
    ) -> None:
        self.unknown = unknown
        super().__init__(what, cap=cap, needed=needed, remedy=remedy)


class ReuseQuestionError(InputError):
    """The project already has clips of exactly these requests.

    Attributes:
        clip_ids: The clips that would answer them at no cost, the newest of each.
    """

    def __init__(self, what: str, *, clip_ids: tuple[str, ...], remedy: str = "") -> None:
        self.clip_ids = clip_ids
        super().__init__(what, remedy=remedy)


class FalError(QcutError):
    """fal refused, failed, or was not reached.

    Attributes:
        model_id: The model concerned, when known.
        request_id: fal's id of the request, when there is one.
        error_type: fal's stable error code (for example `content_policy_violation`), when given.
        status_code: The HTTP status, when there was an answer.
        billable_units: What fal counted for the bill although it failed; `None` is unknown.
    """

    billable_units: Decimal | None = None

    def __init__(
        self,
        what: str,
        *,
        money: str | None = None,
        remedy: str = "",
        model_id: str | None = None,
        request_id: str | None = None,
        error_type: str | None = None,
        status_code: int | None = None,
    ) -> None:
        self.model_id = model_id
        self.request_id = request_id
        self.error_type = error_type
        self.status_code = status_code
        super().__init__(what, money=money, remedy=remedy)


class FalConnectionError(FalError):
    """No connection was made, so nothing was sent."""


class FalTimeoutError(FalError, TimeoutError):
    """An answer did not come in time."""


class FalAuthError(FalError):
    """401: the key is not valid."""


class FalAccountError(FalError):
    """403: the account is locked, out of credit, or lacks a permission."""


class FalRejectedError(FalError):
    """400, 404 or 422: fal does not accept the request or its content.

    Attributes:
        field: The wire name of the parameter that fal named, when it named one.
    """

    field: str | None = None


class FalRateLimitError(FalError):
    """429: too many requests at once."""


class FalServerError(FalError):
    """5xx: fal failed; fal does not bill these."""


class SubmitUnknownError(FalError):
    """A submit was sent and its reply was lost: it may be charged. It is never re-sent."""


class JobError(QcutError):
    """A job ended without a clip.

    Attributes:
        job_id: Our id of the job.
    """

    def __init__(
        self, what: str, *, job_id: str = "", money: str | None = None, remedy: str = ""
    ) -> None:
        self.job_id = job_id
        super().__init__(what, money=money, remedy=remedy)


class JobFailedError(JobError):
    """fal ran the job and it failed, or it was refused."""


class JobCancelledError(JobError):
    """The job was cancelled."""


class MediaError(QcutError):
    """A step of our own on a file failed."""


class UploadRejectedError(MediaError, ValueError):
    """A file is not what the model takes; found before anything was sent.

    Attributes:
        field: The name of the file input, as the caller spells it.
    """

    default_money = NOTHING_SPENT

    def __init__(
        self, what: str, *, field: str = "", money: str | None = None, remedy: str = ""
    ) -> None:
        self.field = field
        super().__init__(what, money=money, remedy=remedy)


class DownloadError(MediaError):
    """A finished clip could not be downloaded or saved; trying again is free."""

    default_money = "The clip was made and waits at fal: downloading it again is free."


class RenderError(MediaError):
    """A timeline could not be rendered; its sources are untouched."""
