"""AI video in a Jupyter notebook: generate with many models, compare, cut."""
