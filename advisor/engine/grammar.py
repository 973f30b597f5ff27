"""Which texts are expressions at all: Python's syntax by way of `ast`, cut down to what a rule needs.

What a name means is not asked here (checks.py does); a tree that leaves this module holds no node the
interpreter does not know, no name or attribute that begins with `_`, and is shallow enough to walk.
"""

import ast
import warnings

from advisor.errors import RuleError

# Both bounds are far above what a legible condition needs, and far below what could exhaust the interpreter.
MAX_LENGTH = 2000
MAX_DEPTH = 40

ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_OPERATORS = (*ARITHMETIC, *COMPARISONS, ast.And, ast.Or, ast.Not, ast.USub, ast.Load)
_NODES = (ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Compare, ast.Attribute)

# What administrators are likely to reach for, in words.
_REFUSED: dict[type[ast.AST], str] = {
    ast.Pow: "`**`",
    ast.Subscript: "an index [ ]",
    ast.Lambda: "a lambda",
    ast.JoinedStr: "an f-string",
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.NamedExpr: "an assignment",
    ast.Starred: "a starred argument",
    ast.Is: "`is`",
    ast.IsNot: "`is not`",
    ast.Dict: "a table { }",
    ast.Set: "a set { }",
}


def parse(text: str, where: str = "") -> ast.expr:
    """The tree of `text`. Raises RuleError, and nothing else, for a text that is no expression."""
    if len(text) > MAX_LENGTH:
        raise RuleError(
            f"the expression has {len(text)} characters, {MAX_LENGTH} are allowed",
            where=where,
            cure="move the logic into a fact",
        )
    if not text.strip():
        raise RuleError("the expression is empty", where=where, cure="write a condition or a value")
    tree = _python(text, where)
    _check_depth(tree, where)
    _check_node(tree, where)
    return tree


def _python(text: str, where: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            # Python only warns of an escape such as "\d"; in a rule it is a mistake.
            warnings.simplefilter("error")
            # The brackets let a condition run over lines; on lines of their own they keep columns true.
            return ast.parse(f"(\n{text}\n)", mode="eval").body
    except SyntaxError as error:
        # Python counts the line of the opening bracket.
        line, column = (error.lineno or 2) - 1, error.offset or 1
        place = f"line {line}, column {column}" if line <= text.count("\n") + 1 else "its end"
        raise RuleError(
            f"not an expression, at {place}: {error.msg}",
            where=where,
            cure="correct the expression's syntax",
        ) from error
    except (ValueError, MemoryError, RecursionError) as error:
        # A NUL or a lone surrogate, or brackets that nest deeper than Python's parser goes.
        raise RuleError(
            "the expression cannot be read: an odd character, or it is nested too deeply",
            where=where,
            cure="simplify it",
        ) from error


def _check_depth(tree: ast.expr, where: str) -> None:
    # Level by level, so that the check itself needs no recursion.
    level: list[ast.AST] = [tree]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise RuleError(
        f"the expression is nested more than {MAX_DEPTH} levels deep",
        where=where,
        cure="move logic into a fact",
    )


def _check_node(node: ast.AST, where: str) -> None:
    match node:
        case ast.Constant(value):
            _check_constant(node, value, where)
        case ast.Name(id=name):
            _check_public(name, where)
        case ast.Call(func=function, args=arguments, keywords=keywords):
            if keywords:
                raise RuleError(
                    f"{spoken(node)} hands over an argument by name",
                    where=where,
                    cure="give arguments by position",
                )
            if not isinstance(function, ast.Name | ast.Attribute):
                raise RuleError(f"{spoken(node)} does not call a fact by its name", where=where)
            for part in (function, *arguments):
                _check_node(part, where)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            _check_list(node, items, where)
        case _ if isinstance(node, _NODES):
            if isinstance(node, ast.Attribute):
                _check_public(node.attr, where)
            for child in ast.iter_child_nodes(node):
                _check_node(child, where)
        case _ if not isinstance(node, _OPERATORS):
            what = _REFUSED.get(type(node), f"`{type(node).__name__}`")
            raise RuleError(
                f"{what} is no part of the rule language",
                where=where,
                cure="use names, attributes, comparisons, and/or/not, + - * / // %, and calls of facts",
            )


def _check_constant(node: ast.Constant, value: object, where: str) -> None:
    if not isinstance(value, str | int | float):
        raise RuleError(
            f"{spoken(node)} is no value of the rule language",
            where=where,
            cure="use a number, a string, True or False",
        )


def _check_public(name: str, where: str) -> None:
    if name.startswith("_"):
        raise RuleError(f"the name {name} is private", where=where, cure="use a public name")


def _check_list(node: ast.expr, items: list[ast.expr], where: str) -> None:
    if not items:
        raise RuleError("an empty list says nothing", where=where, cure="name the values")
    for item in items:
        negative = isinstance(item, ast.UnaryOp) and isinstance(item.op, ast.USub)
        literal = item.operand if isinstance(item, ast.UnaryOp) and negative else item
        if not isinstance(literal, ast.Constant):
            raise RuleError(
                f"the list {spoken(node)} holds something else than literals",
                where=where,
                cure="list only numbers and strings",
            )
        _check_node(item, where)


def spoken(node: ast.AST) -> str:
    """The text of `node`, as errors and evidence lines show it."""
    return ast.unparse(node)
