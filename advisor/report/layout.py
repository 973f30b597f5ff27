"""The shape that the reports for people share: a narrow column of labels, and text beside it."""

from rich.table import Table

_LABEL = 11


def labelled() -> Table:
    """An empty table of two columns; a row is a label and what it says."""
    rows = Table.grid(padding=(0, 1))
    rows.add_column(width=_LABEL)
    rows.add_column(ratio=1)
    return rows
