"""Result files of test runs (trx): what passed, what was skipped and why. Used by tests/vm/table.py and docker/verify.sh.

results.py FILE [WITHOUT]   prints one line for a run. With WITHOUT, the run of a host without privilege, it counts the
                            kernel tests: those that were skipped there for want of privilege.
"""
import collections
import re
import sys
import xml.etree.ElementTree as xml

SPACE = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"
PRIVILEGE = "This host cannot run the test: "

Test = collections.namedtuple("Test", "name outcome reason seconds")


def read(path):
    """The tests of a file by name; outcome is passed, failed or skipped."""
    root = xml.parse(path).getroot()
    found = {}
    for result in root.iter(SPACE + "UnitTestResult"):
        outcome = {"Passed": "passed", "NotExecuted": "skipped"}.get(result.get("outcome"), "failed")
        said = [result.findtext(f"{SPACE}Output/{SPACE}{where}") for where in (f"ErrorInfo/{SPACE}Message", "StdOut")]
        reason = next((text.strip() for text in said if text), "")
        hours, minutes, seconds = (result.get("duration") or "0:0:0").split(":")
        found[result.get("testName")] = Test(result.get("testName"), outcome, reason, int(hours) * 3600 + int(minutes) * 60 + float(seconds))
    counters = next(root.iter(SPACE + "Counters"), None)
    if counters is None or int(counters.get("total")) == 0:
        raise SystemExit(f"{path}: no test ran")
    return found


def count(tests, outcome):
    return sum(test.outcome == outcome for test in tests)


def is_for_want_of_privilege(test):
    """The tests' own words (tests/shared/RequireKernel.cs) for a host that refuses bpf(2) or lacks a mount or a capability."""
    return test.outcome == "skipped" and test.reason.startswith(PRIVILEGE) and re.search(r"BPF_MAP_CREATE|not mounted|CAP_", test.reason) is not None


def main(path, without=None):
    tests = read(path)
    line = f"{count(tests.values(), 'passed')} passed, {count(tests.values(), 'failed')} failed, {count(tests.values(), 'skipped')} skipped"
    line += f" ({sum(map(is_for_want_of_privilege, tests.values()))} for want of privilege)"
    if without:
        kernel = {name for name, test in read(without).items() if is_for_want_of_privilege(test)}
        run = [test for name, test in tests.items() if name in kernel]
        line += f"; kernel tests: {len(run) - count(run, 'skipped')} of {len(kernel)} run"
    print(line)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
