#!/usr/bin/env python3
"""Checks the project's prose: lines, sentences, and numbers that stand in two places.

Lines of Markdown have at most 110 characters, outside tables and code. A sentence ends with a full stop,
a question mark, a colon or a semicolon before a space, with a paragraph or a list item; its length is its
number of words. A figure is a number with a unit; it stands in one file. Exit status 1 where a line is too
long, sentences are longer than 22 words on average, or a figure stands in two files without a reason here.
"""
import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
WIDTH, WORDS = 110, 22
# Other people's words.
LICENCES = ("chart.LICENSE.md",)
UNITS = r"(?:GB/s|TB/s|MB/s|TFLOP/s|GFLOP/s|rows/s|ns|ms|µs|s|minutes|MiB|GiB|MB|GB|TB|%)"
FIGURE = re.compile(r"(?<![\w.,=-])(\d[\d,.]*\d|\d)\s?(" + UNITS + r")(?![\w/])")
# Figures that are equal by chance, and what each is.
EXPLAINED = {
    "2 %": "rows that are new in a warm start; shares of a kernel's time in the log of experiments",
    "4 %": "spread of clocks; the same log",
    "13 %": "what bounds cost on noise; rows that stayed open in an experiment",
    "64 MiB": "chunks of a bench; sums that travel whole",
}


def pages():
    for path in sorted(ROOT.rglob("*.md")):
        inside = path.relative_to(ROOT)
        skipped = {"target", "node_modules"} & set(inside.parts)
        if not skipped and not inside.parts[0].startswith(".") and path.name not in LICENCES:
            yield inside, path.read_text(encoding="utf-8")


def prose(text):
    """The page without code; tables stay."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    return re.sub(r"^( {4,}(?![-*\d])).*$", "", text, flags=re.M)


def long_lines(page, text):
    fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        fenced ^= line.startswith("```")
        code = fenced or line.startswith(("    ", "|"))
        if len(line.rstrip()) > WIDTH and not code:
            yield f"{page}:{number}: {len(line)} characters (expected {WIDTH} at most)"


def sentences(text):
    lines = [l for l in prose(text).split("\n") if not l.lstrip().startswith(("|", "#", "!", "<!--"))]
    blocks = re.split(r"\n\s*\n|\n\s*(?:[-*]|\d+\.)\s", "\n".join(lines))
    for block in blocks:
        for sentence in re.split(r"(?<=[.?!:;])\s", block):
            words = sentence.split()
            if len(words) > 1:
                yield words


def main():
    faults, where, total = [], collections.defaultdict(set), []
    for page, text in pages():
        faults += long_lines(page, text)
        lengths = [len(words) for words in sentences(text)]
        total += lengths
        if lengths:
            mean = sum(lengths) / len(lengths)
            print(f"{mean:5.1f} words a sentence, {max(lengths):3d} in the longest  {page}")
        for number, unit in FIGURE.findall(prose(text)):
            where[f"{number} {unit}"].add(str(page))
    mean = sum(total) / len(total)
    print(f"{mean:5.1f} words a sentence in all")
    if mean > WORDS:
        faults.append(f"sentences have {mean:.1f} words on average (expected {WORDS} at most)")
    for figure, files in sorted(where.items()):
        if len(files) > 1 and figure not in EXPLAINED:
            faults.append(f"{figure} stands in {', '.join(sorted(files))} (expected one of them)")
    print(*faults, sep="\n")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
