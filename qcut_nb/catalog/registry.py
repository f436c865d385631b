"""All models: loaded once from the catalogue's data, found by id, alias or endpoint."""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from html import escape
from importlib.resources import files
from numbers import Real
from typing import Any, TypeVar, get_args, overload

from ..errors import InputError, UnknownModelError, must_be
from .capabilities import Capabilities, capabilities
from .records import Mode, ModelSpec
from .request import quote_for

T = TypeVar("T")
NEAREST = 3


class Models(Mapping[str, ModelSpec]):
    """The catalogue: a mapping from model id to what is known about the model.

    Aliases and fal's endpoint ids are found too. Iteration gives ids in the catalogue's order.
    """

    @cached_property
    def _data(self) -> list[tuple[str, bytes]]:
        folder = files(__package__).joinpath("data")
        entries = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]
        return [(e.name, e.read_bytes()) for e in sorted(entries, key=lambda e: e.name)]

    @cached_property
    def _specs(self) -> dict[str, ModelSpec]:
        specs = {}
        for _, data in self._data:
            document = tomllib.loads(data.decode())
            shared = {k: v for k, v in document.items() if k != "models"}
            for row in document["models"]:
                sources = shared["sources"] | row.get("sources", {})
                spec = ModelSpec.model_validate(shared | row | {"sources": sources})
                specs[spec.id] = spec
        return specs

    @cached_property
    def _names(self) -> dict[str, list[ModelSpec]]:
        names: dict[str, list[ModelSpec]] = {}
        for spec in self._specs.values():
            for name in dict.fromkeys((spec.id, spec.endpoint, *spec.aliases)):
                names.setdefault(name, []).append(spec)
        return names

    @cached_property
    def version(self) -> str:
        """Digest of the catalogue's data; recorded with every request."""
        digest = hashlib.sha256()
        for name, data in self._data:
            digest.update(name.encode() + b"\0" + data)
        return digest.hexdigest()[:12]

    def __getitem__(self, name: str) -> ModelSpec:
        return self.resolve(name)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._specs)

    def __len__(self) -> int:
        return len(self._specs)

    @overload
    def get(self, name: str, /) -> ModelSpec | None: ...

    @overload
    def get(self, name: str, /, default: T) -> ModelSpec | T: ...

    def get(self, name: str, /, default: Any = None) -> Any:
        """The model of this name, or `default`, as a mapping gives it."""
        found = self._names.get(name)
        return default if found is None else self.resolve(name)

    def resolve(self, name: str, mode: Mode | None = None) -> ModelSpec:
        """The model of this id, alias or endpoint.

        Args:
            name: An id, an alias, or an endpoint of fal's.
            mode: Decides where one name stands for two models (`hailuo_23_pro` for text and for
                image); without it the model with this very id is meant.

        Raises:
            UnknownModelError: Nothing has this name; names the nearest.
        """
        found = self._names.get(name, []) if isinstance(name, str) else []
        if mode is not None:
            found = [spec for spec in found if spec.mode == mode] or found
        if found:
            return next((spec for spec in found if mode is None and spec.id == name), found[0])
        raise UnknownModelError(
            f"There is no model {name!r}.",
            remedy=f"Nearest: {', '.join(self._nearest(str(name)))}; qcut_nb.models lists all.",
        )

    def _nearest(self, name: str) -> list[str]:
        """The ids whose model's names are most like this one, in any case of letters."""
        called: dict[str, dict[str, None]] = {}
        for spec in self._specs.values():
            for one in (spec.id, spec.name, spec.endpoint, *spec.aliases):
                called.setdefault(one.casefold(), {})[spec.id] = None
        near = difflib.get_close_matches(name.casefold(), called, n=len(called), cutoff=0)
        return list(dict.fromkeys(model_id for one in near for model_id in called[one]))[:NEAREST]

    def by_endpoint(self, endpoint: str) -> ModelSpec | None:
        """The model behind an endpoint id of fal's, or `None`."""
        return next(
            (spec for spec in self._names.get(endpoint, []) if spec.endpoint == endpoint), None
        )

    def find(
        self,
        *,
        mode: Mode | None = None,
        provider: str | None = None,
        max_usd: float | Decimal | None = None,
        audio: bool | None = None,
        seed: bool | None = None,
        resolution: str | None = None,
        duration_s: int | None = None,
        use_case: str | None = None,
        retired: bool = False,
    ) -> list[ModelSpec]:
        """Models that fit.

        Args:
            mode: What is given to the model.
            provider: Who made it, in any case of letters.
            max_usd: Price at default settings at most this many US dollars; unknown does not fit.
            audio: Whether its videos can have sound.
            seed: Whether it takes a seed.
            resolution: A size class that it makes.
            duration_s: A length that it makes, seconds.
            use_case: A use case of the selection guide, for example "Talking Heads", in any case
                of letters.
            retired: Also models that were shut down.

        Raises:
            InputError: There is no such mode, provider or use case; names those there are.
        """
        specs = self._specs.values()
        if max_usd is not None:
            must_be("max_usd", max_usd, (Real, Decimal), "a price", "Pass US dollars, such as 0.5.")
        _must_be_one_of("mode", mode, get_args(Mode))
        _must_be_one_of("provider", provider, {spec.provider for spec in specs})
        _must_be_one_of("use_case", use_case, {name for spec in specs for name in spec.use_cases})
        found = []
        for spec in specs:
            caps = capabilities([spec])
            if (
                (mode is None or spec.mode == mode)
                and (provider is None or spec.provider.lower() == provider.lower())
                and (audio is None or (spec.output.audio != "never") == audio)
                and (seed is None or caps.seed == seed)
                and (resolution is None or resolution in caps.resolutions.all)
                and (duration_s is None or duration_s in caps.durations_s.all)
                and (use_case is None or use_case.lower() in map(str.lower, spec.use_cases))
                and (retired or spec.life_cycle.state != "retired")
                and (max_usd is None or _costs_at_most(spec, Decimal(str(max_usd))))
            ):
                found.append(spec)
        return found

    def capabilities(self, *names: str) -> Capabilities:
        """What these models have in common."""
        return capabilities([self[name] for name in names])

    def __repr__(self) -> str:
        return f"<{len(self)} models: {', '.join(self)}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td><code>{escape(s.id)}</code></td><td>{escape(s.name)}</td>"
            f"<td>{escape(s.mode)}</td><td>{escape(str(default_quote(s)))}</td>"
            f"<td>{escape(s.life_cycle.state)}</td></tr>"
            for s in self._specs.values()
        )
        head = "<tr><th>id</th><th>name</th><th>mode</th><th>default price</th><th>state</th></tr>"
        return f"<table>{head}{rows}</table>"


def _must_be_one_of(field: str, value: str | None, allowed: Iterable[str]) -> None:
    names = sorted(allowed)
    if value is not None and str(value).lower() not in map(str.lower, names):
        raise InputError(
            f"There is no {field} {value!r}.", remedy=f"Allowed: {', '.join(map(repr, names))}."
        )


def default_quote(spec: ModelSpec) -> Any:
    """The price at the model's default settings, as far as it does not depend on a file."""
    values = {p.name: p.default for p in spec.parameters if p.default is not None}
    return quote_for(spec, values, {})


def _costs_at_most(spec: ModelSpec, limit_usd: Decimal) -> bool:
    high = default_quote(spec).high_usd
    return high is not None and high <= limit_usd


models = Models()
