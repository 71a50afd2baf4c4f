"""The arithmetic of `docs/growth.md`: `python -m tests.docs.growth` writes its figures anew."""

import ast
import math
import operator
import re
from collections.abc import Mapping

from bot.settings import ROOT

PAGE = ROOT / "docs" / "growth.md"
BEGIN, END = "<!-- computed -->\n", "<!-- end -->\n"
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def assumed(text: str) -> dict[str, float]:
    """The page's assumptions by their symbols."""
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", text, re.MULTILINE)
    return {name: float(value) for name, value in rows}


def computed(text: str) -> str:
    """The page's table of figures, computed from its assumptions by its formulas."""
    table = text.partition(BEGIN)[2].partition(END)[0].splitlines()
    counts = [int(n.replace(",", "")) for n in re.findall(r"[\d,]{5,}", table[0])]
    columns = [assumed(text) | {"people": float(count)} for count in counts]
    out = table[:2]
    for line in table[2:]:
        what, formula = re.match(r"\| ([^|]+) \| `([^`]+)`", line).groups()  # type: ignore[union-attr]
        name, _, expression = formula.rpartition(" = ")
        values = []
        for known in columns:
            value = evaluate(expression, known)
            if name:
                known[name] = value
            values.append(shown(value))
        out.append(f"| {what} | `{formula}` | {' | '.join(values)} |")
    return "".join(f"{line}\n" for line in out)


def evaluate(expression: str, known: Mapping[str, float]) -> float:
    """The value of a formula of `+ - * / **`, `ceil` and names.

    Raises KeyError for a name that is not known, and ValueError for anything else.
    """

    def value(node: ast.expr) -> float:
        match node:
            case ast.Constant(number) if isinstance(number, int | float):
                return number
            case ast.Name(name):
                return known[name]
            case ast.BinOp(left, op, right):
                result: float = _OPERATORS[type(op)](value(left), value(right))
                return result
            case ast.Call(ast.Name("ceil"), [what]):
                return math.ceil(value(what))
        raise ValueError(f"no formula: {expression}")

    return value(ast.parse(expression, mode="eval").body)


def shown(value: float) -> str:
    """Two digits that count; whole numbers from ten on, with commas."""
    if value == 0:
        return "0"
    if value >= 10 or value == int(value):
        digits = max(0, math.floor(math.log10(value)) - 1)
        return f"{round(value, -digits):,.0f}" if value != math.ceil(value) else f"{value:,.0f}"
    return f"{value:.2g}" if value >= 0.001 else f"{value:.4f}"


def main() -> None:
    """Write the page anew."""
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}{computed(text)}{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
