"""The names of months, as syslog writes them and as journalctl does where its locale is another.

The short names are those of glibc's locales (abmon): no name is of two different months in the languages that
are here. Chinese, Japanese and Korean number them.
"""

_ENGLISH = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
# Bulgarian, Czech, Danish, Dutch, Finnish, French, German, Greek, Hungarian, Italian, Norwegian, Polish,
# Portuguese, Romanian, Russian, Slovak, Spanish, Swedish, Turkish, Ukrainian.
_LOCAL = (
    "ene gen ian jan janv jän led oca sty tammi ιαν січ янв яну",  # noqa: RUF001
    "feb febr fev févr helmi lut úno şub φεβ лют фев",
    "bře maalis mar mars mrt márc mär μάρ μαρ бер мар",  # noqa: RUF001
    "abr apr april avril dub huhti kwi nis ápr απρ апр кві",
    "kvě mag mai maj may mei máj touko μάι μαΐ май мая тра",
    "cze giu haz iun juin jun juni jún kesä čen ιουν ιούν июн чер юни",  # noqa: RUF001
    "heinä iul juil jul juli júl lip lug tem čec ιουλ ιούλ июл лип юли",
    "ago août aug ağu elo sie srp αυγ αύγ авг сер",  # noqa: RUF001
    "eyl sep sept set syys szept wrz zář σεπ вер сен сеп",
    "eki loka oct okt ott out paź říj οκτ жов окт",
    "kas lis marras nov νοέ νοε лис ное ноя",
    "ara dec des dez dic déc gru joulu pro δεκ гру дек",  # noqa: RUF001
)
_NUMBERS = {
    **{name: number for number, names in enumerate(_LOCAL, start=1) for name in names.split()},
    **{name: number for number, name in enumerate(_ENGLISH.split(), start=1)},
    **{f"{number}{sign}": number for number in range(1, 13) for sign in "月월"},
}
# What a name is made of; whether it is one, `month_number` says.
MONTH = r"(?:[A-Za-z\u00c0-\u017f\u0370-\u04ff]{3,6}\.?|1?[0-9][月월])"


def month_number(name: str) -> int | None:
    """The month, 1 to 12; None for a word that is no month's name."""
    return _NUMBERS.get(name) or _NUMBERS.get(name.lower().rstrip("."))
