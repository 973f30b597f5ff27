"""A tuning advisor and linter for Postfix."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("postfix-advisor")
except PackageNotFoundError:  # a checkout that was not installed
    __version__ = "0"
