"""From the schema that a file has to the one that this version knows, with a backup first."""

from .migrate import SCHEMA_VERSION, prepare_schema, refuse_newer

__all__ = ["SCHEMA_VERSION", "prepare_schema", "refuse_newer"]
