"""Lines of main.cf that say what the default says."""

from advisor.facts.case import Case
from advisor.facts.registry import fact
from advisor.facts.wanted import Remove
from advisor.facts.written import referring_names

# Whoever installs Postfix writes these for each host, and a distribution may have built in another default.
_INSTALLED = ("_directory", "_path", "mail_owner", "setgid_group", "alias_database", "alias_maps")
# It says what the rest of the file was written for.
_LEVEL = "compatibility_level"


@fact()
def values_equal_to_default(case: Case) -> tuple[str, ...]:
    """The parameters that main.cf sets to what this release's default says, letter by letter."""
    instance = case.instance
    found = []
    for name in dict.fromkeys(line.name for line in instance.main_cf.assignments):
        setting = instance.setting(name)
        if setting.parameter is None or name == _LEVEL or name.endswith(_INSTALLED):
            continue
        default = setting.parameter.default(instance.release)
        if default is not None and setting.text == default and not referring_names(instance, name):
            found.append(name)
    return tuple(found)


@fact()
def lines_without_effect(case: Case) -> tuple[Remove, ...]:
    """What takes those lines away."""
    return tuple(Remove(name) for name in values_equal_to_default(case))
