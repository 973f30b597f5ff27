"""SMTP clients by name and address."""

from typing import NamedTuple


class Client(NamedTuple):
    """NAME[ADDRESS]; both are `unknown` where smtpd had none, the address is empty where we have none."""

    name: str
    address: str


def client_of(text: str) -> Client:
    """The client that is written so; an empty text stands for one that is known by number alone."""
    return Client(text.partition("[")[0] or "unknown", address_of(text))


def address_of(text: str) -> str:
    """The address of the client that is written so."""
    return text.partition("[")[2].removesuffix("]")
