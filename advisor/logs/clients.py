"""SMTP clients by name and address."""

from typing import NamedTuple


class Client(NamedTuple):
    """NAME[ADDRESS]; both are `unknown` where smtpd had none, the address is empty where we have none."""

    name: str
    address: str


def client_of(text: str) -> Client:
    """The client that is written so; an empty text stands for one that is known by number alone."""
    name, _, address = text.partition("[")
    return Client(name or "unknown", address.removesuffix("]"))
