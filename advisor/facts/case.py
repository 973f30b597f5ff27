"""What the rules judge: one configuration, and what was observed under the configuration of its day."""

import msgspec
from msgspec.structs import replace

from advisor.facts.ignored import Ignore
from advisor.facts.observed import Observed
from advisor.missing import Missing
from advisor.settings.given import Form
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.setting import MainCfLine, ServiceOverride
from advisor.syntax.source import Span


class Case(msgspec.Struct, frozen=True):
    """`observed` is computed once, from the configuration that was in force, and stays as it is when the
    text behind a patch is judged. `ignores` are there once the rules have been judged that they may name.
    """

    instance: Instance
    observed: Observed | Missing
    ignores: tuple[Ignore, ...] = ()

    @property
    def unseen(self) -> Missing | None:
        """Why rules about the text itself cannot pass; None where the files are at hand."""
        return _PRINTED if self.instance.given.form is Form.PRINTED else None

    def place(self, parameter: str, element: object) -> Span:
        """The line that sets the parameter, for `element` if that is a service; else the end of main.cf."""
        setting = self.instance.setting(parameter, element if isinstance(element, Service) else None)
        if isinstance(setting.origin, MainCfLine | ServiceOverride):
            return setting.origin.span
        return self.instance.main_cf.source.end_span

    def behind(self, instance: Instance) -> "Case":
        """The case with other text and the same observations."""
        return replace(self, instance=instance)


_PRINTED = Missing(
    "postconf shows no comments, no lines that Postfix does not read and none that a later one overrides",
    "give the folder, or what 'advisor collect --script' brings from the host",
)
NO_LOG = Missing("no log was given", "add --log with the file that Postfix logs to", no_log=True)
