"""A tuning advisor and linter for Postfix."""
