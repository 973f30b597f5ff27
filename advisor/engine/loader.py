"""Rule files -> rules: every name resolved, every expression checked, every error with file, key and cure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from keyword import iskeyword
from pathlib import Path
from types import MappingProxyType

import msgspec
from msgspec.structs import replace
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from advisor.engine import hints
from advisor.engine.expression import Expression, compile_expression
from advisor.engine.hints import Hint
from advisor.engine.recipes import VALUE, recipe
from advisor.engine.rule_file import ExampleTable, RuleFile, read
from advisor.engine.rules import (
    ChangeKind,
    ConfidenceLevel,
    Example,
    Expected,
    FixRecipe,
    Need,
    Rule,
    SeverityLevel,
    fitting,
)
from advisor.engine.scope import Scope
from advisor.engine.suggest import did_you_mean
from advisor.errors import InputError, RuleError
from advisor.facts.registry import COLLECTIONS, FACTS, Collection, Fact

# Stands beside the categories in advisor's own rules, and is read by the facts: numbers, no rule.
_NO_RULE = "thresholds.toml"
_KEBAB_CASE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def load_rules(
    directories: Sequence[Path],
    *,
    facts: Mapping[str, Fact] = FACTS,
    collections: Mapping[str, Collection] = COLLECTIONS,
    examples: bool = True,
) -> tuple[Rule, ...]:
    """All rules in DIRECTORY/CATEGORY/NAME.toml, sorted by category and name. Whoever only judges needs no
    `examples`.

    Raises RuleError for the first file that cannot be used and for a name that is there twice, InputError for
    a directory or file that cannot be read.
    """
    rules: dict[str, Rule] = {}
    for path in (path for directory in directories for path in _files(directory)):
        rule = load_rule(path, facts=facts, collections=collections, examples=examples)
        if rule.name in rules:
            raise RuleError(
                f"a rule {rule.name} is there already, in {rules[rule.name].path}",
                where=str(path),
                cure="give one of them another name",
            )
        rules[rule.name] = rule
    return tuple(sorted(rules.values(), key=lambda rule: (rule.category, rule.name)))


def load_rule(
    path: Path,
    *,
    facts: Mapping[str, Fact] = FACTS,
    collections: Mapping[str, Collection] = COLLECTIONS,
    examples: bool = True,
) -> Rule:
    """The rule in the file at `path`. Raises RuleError and InputError, as `load_rules` does."""
    return _Loading(path, read(path, examples=examples), facts, collections, examples).rule()


def verify_prose(rule: Rule) -> None:
    """Raises RuleError unless every template of the rule is sound and speaks only of names it will be given.

    Apart from loading, because it imports Jinja2: for `advisor test` and for the tests.
    """
    from advisor.engine import prose  # noqa: PLC0415 - Jinja2 is slow to import, and loading needs none

    names = {rule.scope.variable: rule.scope.element}
    names |= {name: expression.hint for name, expression in rule.let.items()}
    spoken = names | next((hint for fix in rule.fixes if (hint := _value_hint(fix))), {})
    types = rule.scope.options
    prose.verify(rule.message, spoken, types, f"{rule.path}: message")
    prose.verify(rule.effect, spoken, types, f"{rule.path}: effect")
    for index, fix in enumerate(rule.fixes, 1):
        own = names | _value_hint(fix)
        prose.verify(fix.title, own, types, f"{rule.path}: fix {index} title")
        prose.verify(fix.untested, own, types, f"{rule.path}: fix {index} untested")


def _value_hint(fix: FixRecipe) -> dict[str, Hint]:
    """What `value` is in the prose of a fix: its new value, or the words of all its changes."""
    if fix.kind is ChangeKind.TOGETHER:
        return {VALUE: tuple[str, ...]}
    return {VALUE: fix.value.hint} if fix.value else {}


def _files(directory: Path) -> Iterator[Path]:
    if not directory.is_dir():
        raise InputError("no such directory", where=str(directory), cure="name a directory of rules")
    for path in sorted(directory.rglob("*.toml")):
        if path == directory / _NO_RULE:
            continue
        if len(path.relative_to(directory).parts) != 2:
            raise RuleError(
                "a rule stands in a folder named for its category", where=str(path), cure="move the file"
            )
        yield path


class _Loading(msgspec.Struct, frozen=True):
    path: Path
    file: RuleFile
    facts: Mapping[str, Fact]
    collections: Mapping[str, Collection]
    with_examples: bool

    def rule(self) -> Rule:
        file = self.file
        self._check_place()
        collection = self.collections.get(file.for_each)
        if collection is None:
            raise self._error(
                "for_each",
                f"no collection is called {file.for_each}",
                did_you_mean(file.for_each, self.collections),
            )
        scope = self._let(
            Scope(
                collection.variable,
                collection.element,
                {name: type(value) for name, value in file.options.items()},
                MappingProxyType({}),
                self.facts,
            )
        )
        return Rule(
            name=file.name,
            category=file.category,
            summary=file.summary,
            severity=file.severity,
            confidence=file.confidence,
            postfix=self._postfix(),
            catalogue=file.catalogue,
            parameter=file.parameter,
            for_each=collection,
            scope=scope,
            let=scope.let,
            when=self._condition(file.when, scope, "when"),
            needs=tuple(self._needs()),
            severity_levels=tuple(
                SeverityLevel(self._condition(level.when, scope, f"severity_levels {index}"), level.severity)
                for index, level in enumerate(file.severity_levels, 1)
            ),
            confidence_levels=tuple(
                ConfidenceLevel(
                    self._condition(level.when, scope, f"confidence_levels {index}"), level.confidence
                )
                for index, level in enumerate(file.confidence_levels, 1)
            ),
            message=self._text("message", file.message),
            why=self._text("why", file.why),
            risk=file.risk.strip(),
            effect=file.effect.strip(),
            no_change=file.no_change.strip(),
            references=file.references,
            ignorable=file.ignorable,
            doubts=file.doubts,
            pedantic=file.pedantic,
            options=MappingProxyType(dict(file.options)),
            fixes=tuple(
                recipe(table, scope, f"{self.path}: fix {index}") for index, table in enumerate(file.fix, 1)
            ),
            against=tuple(
                recipe(table, scope, f"{self.path}: against {index}")
                for index, table in enumerate(file.against, 1)
            ),
            examples=self._examples() if self.with_examples else (),
            path=self.path,
        )

    def _check_place(self) -> None:
        for key, value, should in (
            ("name", self.file.name, self.path.stem),
            ("category", self.file.category, self.path.parent.name),
        ):
            if not _KEBAB_CASE.fullmatch(value):
                raise self._error(key, f"{value!r} is not kebab-case", "write it as in smtpd-process-limit")
            if value != should:
                place = "file" if key == "name" else "folder"
                raise self._error(key, f"{value} is not the {place}'s name", f"write {key} = {should!r}")
        self._text("summary", self.file.summary)

    def _text(self, key: str, text: str) -> str:
        if not text.strip():
            raise self._error(key, "is empty", "write the text")
        return text.strip()

    def _postfix(self) -> SpecifierSet:
        try:
            return SpecifierSet(self.file.postfix)
        except InvalidSpecifier as error:
            raise self._error(
                "postfix", f"{self.file.postfix!r} names no releases", "write it as '>=2.3' or '>=2.3,<3.9'"
            ) from error

    def _let(self, scope: Scope) -> Scope:
        """The scope with each let name in it, every expression seeing only those above it."""
        named: dict[str, Expression] = {}
        for name, text in self.file.let.items():
            key = f"let {name}"
            if not name.isidentifier() or iskeyword(name) or name.startswith("_"):
                raise self._error(key, f"{name!r} cannot be a name", "use letters, digits and _")
            if name in (scope.names | {VALUE}) - named.keys():
                raise self._error(key, f"{name} means something else already", "choose another name")
            below = list(self.file.let)[len(named) :]
            try:
                expression = compile_expression(text, scope, f"{self.path}: {key}")
            except RuleError as error:
                if any(error.message == f"nothing is called {other}" for other in below):
                    raise self._error(
                        key, f"{error.message} so far", "a let name is known below its own line: reorder them"
                    ) from error
                raise
            named[name] = expression
            scope = replace(scope, let=MappingProxyType(dict(named)))
        return scope

    def _condition(self, text: str, scope: Scope, key: str) -> Expression:
        return compile_expression(text, scope, f"{self.path}: {key}", condition=True)

    def _needs(self) -> Iterator[Need]:
        for written, minimum in _flattened(self.file.needs):
            key = f"needs {written}"
            fact = self.facts.get(written) or self.facts.get(f"observed.{written}")
            if fact is None:
                known = {*self.facts, *(name.removeprefix("observed.") for name in self.facts)}
                raise self._error(key, f"no fact is called {written}", did_you_mean(written, known))
            if isinstance(minimum, bool) or not isinstance(minimum, int | float):
                raise self._error(key, f"{minimum!r} is not a number", f"write {written} = 50")
            least, most = hints.argument_counts(fact.function)
            if least > 1:
                raise self._error(
                    key,
                    f"{fact.name} takes {least} arguments",
                    "name a fact of the element alone, or of none",
                )
            yield Need(fact, minimum, takes_element=most != 0)

    def _examples(self) -> tuple[Example, ...]:
        examples = tuple(self._example(index, table) for index, table in enumerate(self.file.example, 1))
        for wanted in (Expected.FIRED, Expected.PASSED):
            if all(example.verdict is not wanted for example in examples):
                raise self._error(
                    "example",
                    f"no example where the rule has {wanted}",
                    f"add [[example]] verdict = '{wanted}'",
                )
        return examples

    def _example(self, index: int, table: ExampleTable) -> Example:
        options = {}
        for name, value in table.options.items():
            key = f"example {index} options {name}"
            if name not in self.file.options:
                raise self._error(key, f"no option is called {name}", did_you_mean(name, self.file.options))
            options[name] = fitting(value, self.file.options[name], f"{self.path}: {key}")
        return Example(
            verdict=table.verdict,
            main_cf=table.main_cf,
            master_cf=table.master_cf,
            log=table.log,
            load=table.load,
            tables=MappingProxyType(table.tables),
            table_types=table.table_types,
            memory=table.memory,
            somaxconn=table.somaxconn,
            postfix_version=table.postfix_version,
            from_version=table.from_version,
            options=MappingProxyType(options),
            severity=table.severity,
            after_main_cf=table.after_main_cf,
            after_master_cf=table.after_master_cf,
        )

    def _error(self, key: str, message: str, cure: str) -> RuleError:
        return RuleError(message, where=f"{self.path}: {key}", cure=cure)


def _flattened(table: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """TOML reads `observed.sessions = 50` as a table in a table."""
    for name, value in table.items():
        if isinstance(value, dict):
            for inner, minimum in _flattened(value):
                yield f"{name}.{inner}", minimum
        else:
            yield name, value
