"""Size: a function fits a screen, a file fits a head."""

import re

from format import is_script
from tree import Problem, run

FILE_LINES = 500
FUNCTION_LINES = 70
MEASURED = (".c", ".h", ".def", ".py", ".sh", ".mjs", ".rb")


def c_functions(lines):
    """(first line of the body, last) of each; the format puts their braces into column one."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start:
            yield start, number
            start = None


def python_functions(lines):
    """(def, last) of each, by indentation."""
    for number, line in enumerate(lines, 1):
        match = re.match(r"( *)(async )?def ", line)
        if not match:
            continue
        last = number
        for later in range(number, len(lines)):
            text = lines[later]
            if text.strip() and not text.startswith((match.group(1) + " ", match.group(1) + ")")):
                break
            if text.strip():
                last = later + 1
        yield number, last


def check(tree):
    for path in tree.files():
        if not path.endswith(MEASURED) and not is_script(tree, path):
            continue
        lines = tree.lines(path)
        count = len(lines) - (lines[-1] == "")
        if count > FILE_LINES:
            yield Problem(path, count, f"{count} lines: split the file by what it is about "
                                       f"({FILE_LINES} at most)")
        functions = c_functions(lines) if path.endswith((".c", ".h")) else \
            python_functions(lines) if path.endswith(".py") else []
        for first, last in functions:
            if last - first - 1 > FUNCTION_LINES:
                yield Problem(path, first, f"a function of {last - first - 1} lines: name its "
                                           f"steps as functions ({FUNCTION_LINES} at most)")


if __name__ == "__main__":
    run(check)
