"""Long trials of what must never happen: see docs/durability.md."""
