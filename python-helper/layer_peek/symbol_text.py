"""Prints expressions of sizes as people write them, and what a run took for granted of them."""

from __future__ import annotations

import ast
import re

_QUOTIENT = re.compile(r"\b([A-Z]\d*)//(\d+)\b")
_BACK = re.compile(r"\b(\d+)\*\(?([A-Z]\d*)/(\d+)\)?")
_WHOLE = re.compile(r"Eq\((\d+)\*\(?([A-Z]\d*)//(\d+)\)?, \(?([A-Z]\d*)(?://(\d+))?\)?\)")
_MOD = re.compile(r"Eq\(Mod\(([A-Z]\d*), (\d+)\), 0\)")
_EQUAL = re.compile(r"Eq\((.+), (\d+)\)")
_LISTED = 6


class SymbolText:
    """Knows the names of symbols and what guards say."""

    def __init__(self, names: dict[str, str], guards: list[str]) -> None:
        """Takes the names by symbol, and the guards as text, their known numbers put in."""
        self._names = names
        self._symbol = re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b") if names else None
        # By name: what it is divisible by.
        self._divisors: dict[str, int] = {}
        self._others: list[str] = []
        for guard in guards:
            self._read(self._renamed(guard))

    def size(self, expression: str) -> str:
        """Prints one size: `(H - 1)//2 + 1`; `H/2` where H is known to be even."""
        text = _QUOTIENT.sub(self._quotient, self._renamed(expression))
        text = _BACK.sub(lambda match: match.group(2) if match.group(1) == match.group(3) else match.group(0), text)
        return _tidy(text)

    def constraints(self) -> list[str]:
        """Tells what must hold: `H even`, `W divisible by 4`."""
        divided = [
            f"{name} even" if divisor == 2 else f"{name} divisible by {divisor}"
            for name, divisor in sorted(self._divisors.items())
        ]
        others = [_tidy(_QUOTIENT.sub(self._quotient, text)) for text in dict.fromkeys(self._others)]
        more = len(divided) + len(others) - _LISTED
        return [*divided, *others][:_LISTED] + ([f"and {more} more"] if more > 0 else [])

    def _renamed(self, text: str) -> str:
        if self._symbol is not None:
            text = self._symbol.sub(lambda match: self._names[match.group(1)], text)
        return _tidy(text)

    def _read(self, guard: str) -> None:
        whole, mod, equal = _WHOLE.fullmatch(guard), _MOD.fullmatch(guard), _EQUAL.fullmatch(guard)
        if whole is not None and whole.group(2) == whole.group(4):
            factor, name, divisor, before = int(whole[1]), whole[2], int(whole[3]), int(whole[5] or 1)
            if divisor == factor * before:
                self._divides(name, divisor)
                return
        if mod is not None:
            self._divides(mod[1], int(mod[2]))
        elif equal is not None and not equal[1].isidentifier() and "Mod" not in equal[1]:
            # That a size is a number stands in the sizes themselves; inequalities choose between ways to compute.
            self._others.append(f"{equal[1]} = {equal[2]}")

    def _divides(self, name: str, divisor: int) -> None:
        known = self._divisors.get(name, 1)
        if divisor > known and divisor % known == 0:
            self._divisors[name] = divisor

    def _quotient(self, match: re.Match[str]) -> str:
        name, divisor = match.group(1), int(match.group(2))
        return f"{name}/{divisor}" if self._divisors.get(name, 1) % divisor == 0 else match.group(0)


def _tidy(text: str) -> str:
    """With the brackets that are needed, and blanks around sums alone: `(H - 1)//2 + 1`."""
    try:
        text = ast.unparse(ast.parse(text, mode="eval"))
    except (SyntaxError, ValueError):
        return text
    return re.sub(r" (//|/|\*\*|\*) ", r"\1", text)
