"""Format: clang-format decides for C; everywhere no tabs, no trailing blanks, 100 columns."""

import re
import shutil
import subprocess

from tree import Problem, run

COLUMNS = 100
TEXT = (".c", ".h", ".def", ".py", ".sh", ".cmake", ".txt", ".md", ".html", ".css", ".js", ".mjs",
        ".rb", ".service", ".socket")
MEASURED = (".c", ".h", ".def", ".py", ".sh", ".mjs", ".rb")
BATCH = 32


def is_script(tree, path):
    """A program of tools/ or .ci/ without a suffix."""
    if "." in path.rpartition("/")[2]:
        return False
    with open(tree.root / path, "rb") as file:
        return file.read(2) == b"#!"


def check_clang(tree):
    paths = [path for path in tree.files(".c", ".h") if not tree.only or path in tree.only]
    program = shutil.which("clang-format-14") or shutil.which("clang-format")
    if not program:
        yield Problem(".clang-format", 1, "clang-format is not installed: apt install clang-format")
        return
    for at in range(0, len(paths), BATCH):
        result = subprocess.run([program, "--dry-run", "-Werror", *paths[at:at + BATCH]],
                                check=False, cwd=tree.root, text=True, stderr=subprocess.PIPE)
        for match in re.finditer(r"^([^:\n]+):(\d+):\d+: error:", result.stderr, re.MULTILINE):
            yield Problem(match.group(1), int(match.group(2)),
                          f"not formatted: clang-format -i {match.group(1)}")
        if result.returncode and "error:" not in result.stderr:
            yield Problem(".clang-format", 1, result.stderr.strip())


def check_lines(tree, path, measured):
    lines = tree.lines(path)
    if lines[-1] != "":
        yield Problem(path, len(lines), "the last line lacks its newline")
    if len(lines) > 2 and lines[-2] == "":
        yield Problem(path, len(lines) - 1, "empty lines at the end: remove them")
    for number, line in enumerate(lines, 1):
        if "\t" in line:
            yield Problem(path, number, "a tab: indent with spaces")
        if line != line.rstrip():
            yield Problem(path, number, "blanks at the end of the line: remove them")
        if measured and len(line) > COLUMNS:
            yield Problem(path, number, f"{len(line)} columns: break the line at {COLUMNS}")


def check(tree):
    yield from check_clang(tree)
    for path in tree.files():
        if path.startswith("tests/fuzz/corpus/"):
            continue
        script = is_script(tree, path)
        if script or path.endswith(TEXT):
            yield from check_lines(tree, path, script or path.endswith(MEASURED))


if __name__ == "__main__":
    run(check)
