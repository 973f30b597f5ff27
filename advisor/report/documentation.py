"""Where the page of a rule stands on the web."""

from advisor.engine.references import address
from advisor.engine.rules import Rule

# The address of the published documentation, with a slash behind it. As long as there is none, a rule's page
# is the place in Postfix's manual that it rests on: always an address that opens.
SITE = ""


def page_of(rule: Rule) -> str:
    """The address of the rule's page; empty where nothing on the web tells of it."""
    if SITE:
        return f"{SITE}rules/{rule.name}.html"
    addresses = (address(each) for each in rule.references)
    return next((each for each in addresses if each.startswith(("https://", "http://"))), "")
