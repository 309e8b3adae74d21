#!/usr/bin/env python3
"""table.py [--check]

Writes the table of kernels into docs/kernels.md from the results that tests/vm/test.sh left in artifacts/vm
(results-host.trx, results-6.1.trx ...). With --check it writes nothing and fails if the file would change.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
import results  # noqa: E402

PAGE = ROOT / "docs/kernels.md"
BEGIN, END = "<!-- begin: written by tests/vm/table.py -->\n", "<!-- end -->\n"
NAMESPACE = "LibbpfSharp.Tests.Integration."


def key(run):
    return (run == "host", [int(part) for part in re.findall(r"\d+", run)])


def method(name):
    """Class and method of a test, without the arguments of a theory."""
    return name.split("(")[0].removeprefix(NAMESPACE)


def cell(tests, notes):
    """What became of a test: of all cases of a theory, if they differ."""
    if not tests:
        return "not there"
    words = []
    for outcome in ("passed", "failed", "skipped"):
        some = [test for test in tests if test.outcome == outcome]
        if not some:
            continue
        marks = sorted({notes.setdefault(test.reason, len(notes) + 1) for test in some}) if outcome == "skipped" else []
        word = "**failed**" if outcome == "failed" else outcome
        words.append((word if len(some) == len(tests) else f"{len(some)} {word}") + "".join(f" [{mark}]" for mark in marks))
    return ", ".join(words)


def table(rows):
    head, *rest = rows
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rest]) + "\n"


def generate(folder):
    runs = {path.stem.removeprefix("results-"): results.read(path) for path in folder.glob("results-*.trx")}
    if not runs:
        sys.exit(f"{folder} has no results: run tests/vm/test.sh host, tests/vm/test.sh 6.1 ... first")
    names = sorted(runs, key=key)
    releases = {}
    for name in names:
        file = folder / f"results-{name}.release"
        releases[name] = file.read_text().strip() if file.exists() else name
    head = [releases[name] + (" (the host)" if name == "host" else "") for name in names]

    text = table([["", *head], *(
        [outcome, *(str(results.count(runs[name].values(), outcome)) for name in names)] for outcome in ("passed", "failed", "skipped"))])

    areas = sorted({method(test).split(".")[0] for run in runs.values() for test in run})
    rows = [["area", *head]]
    for area in areas:
        row = [f"`tests/integration/{area}`"]
        for name in names:
            tests = [test for test in runs[name].values() if method(test.name).split(".")[0] == area]
            skipped, failed = results.count(tests, "skipped"), results.count(tests, "failed")
            row.append(f"{results.count(tests, 'passed')} passed" + (f", {skipped} skipped" if skipped else "") + (f", **{failed} failed**" if failed else ""))
        rows.append(row)
    text += "\n" + table(rows)

    notes = {}
    rows = [["test", *head]]
    for each in sorted({method(test) for run in runs.values() for test in run}):
        cases = [[test for test in runs[name].values() if method(test.name) == each] for name in names]
        if any(test.outcome != "passed" for tests in cases for test in tests) or not all(cases):
            rows.append([f"`{each}`", *(cell(tests, notes) for tests in cases)])
    text += "\nNot passed by every kernel:\n\n" + table(rows) + "\n"
    text += "".join(f"- [{number}] {' '.join(reason.split())}\n" for reason, number in sorted(notes.items(), key=lambda item: item[1]))
    return text


def main(arguments):
    if arguments not in ([], ["--check"]):
        sys.exit(__doc__)
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    old, after = rest.split(END)
    new = generate(ROOT / "artifacts/vm")
    if not arguments:
        PAGE.write_text(before + BEGIN + new + END + after)
    elif old != new:
        sys.exit("docs/kernels.md is not what the last runs gave: run tests/vm/table.py")


if __name__ == "__main__":
    main(sys.argv[1:])
