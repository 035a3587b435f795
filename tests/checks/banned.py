"""Banned calls, each with what to write in its place; and notes to self without an issue."""

import re

from tree import Problem, line_of, run, without_comments

COPY = "base/buffer.h or bytes_put(), which know their limit"
NUMBER = "slice_to_u64(), which reports what is no number"
BANNED = {
    "sprintf": "snprintf() with its result checked, or buffer_put_format()",
    "vsprintf": "vsnprintf() with its result checked",
    "strcpy": COPY,
    "strncpy": COPY,
    "stpcpy": COPY,
    "strcat": COPY,
    "strncat": COPY,
    "strtok": "slice_next()",
    "strtok_r": "slice_next()",
    "atoi": NUMBER,
    "atol": NUMBER,
    "atoll": NUMBER,
    "atof": NUMBER,
    "sscanf": "slice_next() and slice_to_u64(), or bytes_read_...()",
    "gets": "fgets() or read()",
    "alloca": "an array of fixed size, or malloc()",
    "system": "posix_spawn() without a shell",
    "popen": "posix_spawn() without a shell",
    "tmpnam": "mkstemp()",
    "mktemp": "mkstemp()",
}
CALL = re.compile(r"(?<![\w.>])(" + "|".join(BANNED) + r")\s*\(")
NOTE = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!\(#\d+\))")


def check(tree):
    for path in tree.files(".c", ".h", ".def"):
        text = without_comments((tree.root / path).read_text(encoding="utf-8"))
        for match in CALL.finditer(text):
            name = match.group(1)
            yield Problem(path, line_of(text, match.start()),
                          f"{name}() is banned: use {BANNED[name]}")
    for path in tree.files(".c", ".h", ".def", ".py", ".sh", ".txt", ".cmake"):
        if path == "tests/checks/banned.py":
            continue
        for number, line in enumerate(tree.lines(path), 1):
            match = NOTE.search(line)
            if match:
                yield Problem(path, number, f"{match.group(1)} needs an issue: "
                                            f"{match.group(1)}(#123)")


if __name__ == "__main__":
    run(check)
