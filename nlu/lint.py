"""Finds what makes examples worse than they look. `python nlu/lint.py` prints a line for each.

Beyond the mistakes that training refuses (dataset.py): examples so like a held-out one that the
measure flatters, intents written to one pattern, and what could point to a real person.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Dict, Iterator, List, Set, Tuple

from dataset import Example, find_problems, plain, read_examples, words

ALIKE = 0.75
"""Of the words in two texts, the share in both from which they are near-duplicates."""

FEWEST_WORDS = 4
"""Shorter texts are alike by nature ("i need help")."""

BEGINNING = 4
"""Words that make a pattern where too many examples begin with them."""

UNIFORM = 0.10
"""The share of an intent's examples in one language that may begin alike."""

_PRIVATE = re.compile(r"\d[\d\s().-]{6,}\d|\S+@\S+|https?://|www\.")
# Common ones that are no word of another language here, nor in the name of a law or a place.
_NAMES = {
    "ahmed",
    "aisha",
    "fatima",
    "mohamed",
    "muhammad",
    "zainab",
    "carlos",
    "sofia",
    "nathalie",
    "fernanda",
    "james",
    "sarah",
    "emma",
    "michael",
    "jessica",
    "kevin",
    "priya",
    "amit",
    "sunita",
    "rajesh",
}


def lint(folder: Path) -> List[str]:
    """One sentence for each finding in `data/`, held against `tests/` and `tests/seen/`."""
    problems = find_problems(folder)
    if problems:
        return problems
    examples = read_examples(folder)
    return [
        *_near_held_out(examples, _held_out(folder)),
        *_uniform(examples),
        *_private(examples),
    ]


def _held_out(folder: Path) -> Dict[str, List[str]]:
    """The words of each held-out text, by language."""
    texts: Dict[str, List[str]] = defaultdict(list)
    for file in sorted((folder / "tests").rglob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            texts[file.stem].append(words(json.loads(line)["text"]))
    return texts


def _near_held_out(examples: List[Example], held_out: Dict[str, List[str]]) -> Iterator[str]:
    holding: Dict[Tuple[str, str], Set[int]] = defaultdict(set)
    for locale, texts in held_out.items():
        for number, text in enumerate(texts):
            for word in set(text.split()):
                holding[locale, word].add(number)
    for example in examples:
        mine = set(words(plain(example.text)).split())
        if len(mine) < FEWEST_WORDS:
            continue
        common = Counter(n for word in mine for n in holding.get((example.locale, word), ()))
        for number, count in common.items():
            text = held_out[example.locale][number]
            if count / len(mine | set(text.split())) >= ALIKE:
                yield f"{example.file}: '{example.text}' is nearly the held-out '{text}'; drop it."
                break


def _uniform(examples: List[Example]) -> Iterator[str]:
    beginnings: Dict[Tuple[str, str], Counter[str]] = defaultdict(Counter)
    for example in examples:
        first = words(plain(example.text)).split()[:BEGINNING]
        beginnings[example.locale, example.intent][" ".join(first)] += 1
    for (locale, intent), counts in sorted(beginnings.items()):
        beginning, count = counts.most_common(1)[0]
        if count > UNIFORM * sum(counts.values()):
            yield f"data/{locale}: {count} examples of {intent} begin '{beginning}'; vary them."


def _private(examples: List[Example]) -> Iterator[str]:
    for example in examples:
        named = set(words(plain(example.text)).split()) & _NAMES
        if named or _PRIVATE.search(example.text):
            what = f"the name '{min(named)}'" if named else "a number or an address"
            yield f"{example.file}: '{example.text}' has {what}; take it out."


def main() -> int:
    findings = lint(Path(__file__).resolve().parent)
    print("\n".join(findings) or "Nothing to mend.")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
