"""What every check needs: the project's files, its folders, its build, and one way to complain.

A check is a script with a function check(tree) that yields problems; it decides nothing about
how they are shown. No check changes a file.
"""

import argparse
import json
import pathlib
import re
import shlex
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = {".git", "build", "node_modules", "__pycache__"}

# Folders that are layers, and what their exported names begin with. node/base drops the folder, and
# so do the small programs of tools/, which nothing else links.
LAYERS = {
    "node/base": "",
    "store": "store",
    "mesh": "mesh",
    "dht": "dht",
    "github": "github",
    "node": "node",
    "tools/mock-github": "mock",
    "tools/mesh-fleet": "",
    "tools/mesh-inspect": "",
}


class Problem:
    """One broken rule: where, and what to do about it."""

    def __init__(self, path, line, text):
        self.path, self.line, self.text = path, line, text

    def key(self):
        return (self.path, self.line, self.text)


class Tree:
    """The project under a root, and optionally a folder where it is built."""

    def __init__(self, root, build=None):
        self.root, self.build = root, build

    def files(self, *suffixes):
        """Relative paths with one of the suffixes, or all. Not git's list: it would refuse a
        checkout that belongs to another user, and miss what is not added yet."""
        found = []
        for path in self.root.rglob("*"):
            relative = path.relative_to(self.root)
            if SKIPPED.intersection(relative.parts) or not path.is_file():
                continue
            if not suffixes or path.name.endswith(suffixes):
                found.append(relative.as_posix())
        return sorted(found)

    def lines(self, path):
        return (self.root / path).read_text(encoding="utf-8", errors="replace").split("\n")

    def exists(self, path):
        return (self.root / path).exists()

    def commands(self):
        """The compile commands of the build: source (relative), object, folder and arguments."""
        if not self.build:
            sys.exit("this check reads objects: build a preset, then pass --build build/dev")
        database = self.build / "compile_commands.json"
        if not database.exists():
            sys.exit(f"{database} is missing: cmake --preset dev && cmake --build --preset dev")
        for entry in json.loads(database.read_text(encoding="utf-8")):
            source = pathlib.Path(entry["directory"], entry["file"]).resolve()
            if source.is_relative_to(self.root):
                yield Command(source.relative_to(self.root).as_posix(), entry)


class Command:
    """How one source is compiled."""

    def __init__(self, source, entry):
        self.source = source
        self.folder = pathlib.Path(entry["directory"])
        self.arguments = shlex.split(entry["command"])
        self.object = self.folder / self.arguments[self.arguments.index("-o") + 1]


def layer_of(path):
    """The layer a file belongs to, else its top folder: node/base/hex.c is of node/base."""
    parts = path.split("/")
    for depth in (2, 1):
        folder = "/".join(parts[:depth])
        if len(parts) > depth and folder in LAYERS:
            return folder
    return parts[0] if len(parts) > 1 else ""


def without_comments(text, strings=True):
    """C text with comments, and strings if asked, blanked out; lines and columns stay."""

    def blank(match):
        token = match.group(0)
        if token[0] == "/" or strings:
            return re.sub(r"[^\n]", " ", token)
        return token

    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, blank, text, flags=re.DOTALL)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def run(check):
    """Entry point of a check's script: prints problems, exits 1 on any."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--root", type=pathlib.Path, default=ROOT)
    parser.add_argument("--build", type=pathlib.Path, help="folder of a built preset")
    parser.add_argument("only", nargs="*", help="files to look at, where the check is per file")
    options = parser.parse_args()
    tree = Tree(options.root.resolve(), options.build and options.build.resolve())
    tree.only = options.only
    problems = sorted({problem.key() for problem in check(tree)})
    for path, line, text in problems:
        print(f"{path}:{line}: {text}")
    name = pathlib.Path(sys.argv[0]).stem
    print(f"check {name}: {len(problems)} problems" if problems else f"check {name}: fine")
    sys.exit(1 if problems else 0)
