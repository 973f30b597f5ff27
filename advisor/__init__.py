"""A tuning advisor and linter for Postfix."""

__version__ = "0.1.0"
