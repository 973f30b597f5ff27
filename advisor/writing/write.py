"""New text for the files of some configurations, one configuration after the other."""

from collections.abc import Iterable, Sequence

from advisor.errors import WriteError
from advisor.writing.exchange import Exchange, exchange
from advisor.writing.folders import Folders
from advisor.writing.journal import must_have_no_journal
from advisor.writing.rewrite import Rewrite
from advisor.writing.target import Target, changed


def write(configurations: Iterable[Sequence[Rewrite]]) -> None:
    """Writes the files of each configuration, which are named in one folder and change together.

    Raises WriteError: mostly before anything is written, else it says which configurations are.
    """
    with Folders() as folders:
        wanted = [
            (folders.take(each[0].path.parent), [_exchange(one, folders) for one in each])
            for each in configurations
            if each
        ]
        for folder, _ in wanted:
            must_have_no_journal(folder)
        _must_differ([each for _, files in wanted for each in files])
        done: list[str] = []
        for folder, files in wanted:
            try:
                exchange(folder, files)
            except WriteError as error:
                if not done:
                    raise
                raise WriteError(
                    f"{error.message} ({' and '.join(done)} is written)", where=error.where, cure=error.cure
                ) from error
            done.append(str(folder.path))


def _exchange(rewrite: Rewrite, folders: Folders) -> Exchange:
    target = Target.find(rewrite.path, folders)
    if target.data != rewrite.before:
        raise changed(target.path)
    return Exchange.of(rewrite.path.name, target, rewrite.after)


def _must_differ(files: Sequence[Exchange]) -> None:
    seen: dict[tuple[int, int], Exchange] = {}
    for each in files:
        if each.target.number in seen:
            raise WriteError(
                "is not written: two of the configurations share it, and each wants its own change",
                where=str(each.target.path),
                cure="give each a file of its own, or use 'advisor check --diff'",
            )
        seen[each.target.number] = each
