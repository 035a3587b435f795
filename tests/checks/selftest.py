"""Selftest: each check passes on the tree as it is, and fails when its rule is broken.

Works on a copy of the tree. Where a check reads objects, only the source that was changed is
compiled again, into a folder of the copy; all other objects are those of the real build.
"""

import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from tree import Problem, Tree, run

LONG_FUNCTION = "\nint mesh_longest(int n);\n\nint mesh_longest(int n)\n{\n" + "    n++;\n" * 71 + \
    "    return n;\n}\n"


def insert_after(marker, addition):
    def edit(text):
        if marker not in text:
            raise ValueError(f"the text to break is gone: {marker}")
        return text.replace(marker, marker + addition, 1)
    return edit


def append(addition):
    return lambda text: text + addition


def new(content):
    return lambda text: content


FIRST = '#include "mesh/mesh.h"\n'

# (check, file, how it is broken, what the check must say)
BREAKS = [
    ("layers", "mesh/mesh.c", insert_after(FIRST, '#include "store/store.h"\n'),
     r"mesh/mesh\.c:\d+: mesh/ may not include store/"),
    ("layers", "mesh/mesh.c", insert_after(FIRST, '#include "dht/dht.h"\n'),
     r"mesh/mesh\.c:\d+: mesh/ may not include dht/"),
    ("layers", "store/store.h", insert_after("#include <stdint.h>\n", "#include <curl/curl.h>\n"),
     r"store/store\.h:\d+: .*libcurl belongs to one file of github/"),
    ("layers", "node/base/hex.c", append('#include "store/store.h"\n'),
     r"node/base/hex\.c:\d+: node/base/ may not include store/"),
    ("layers", "mesh/mesh.c", insert_after(FIRST, "#include <time.h>\n"),
     r"mesh/mesh\.c:\d+: a pure core may not include <time\.h>"),
    ("layers", "github/probe.h", new("#ifndef GITHUB_PROBE_H\n#define GITHUB_PROBE_H\n"
                                     '#include "store/inner.h"\n#endif\n'),
     r'github/probe\.h:\d+: "store/inner\.h" is not a file'),
    ("layers", "github/probe.c", new("#include <curl/curl.h>\n"),
     r"github/probe\.c:1: curl/\* is included by github/\w+\.[ch] already"),
    ("layers", "node/base/hex.h", lambda text: text.replace("BASE_HEX_H", "HEX_H"),
     r"node/base/hex\.h:1: the guard is HEX_H, not BASE_HEX_H"),
    ("layers", "node/base/hex.c", lambda text: "#include <errno.h>\n" + text,
     r"node/base/hex\.c:1: the own header comes first"),
    ("purity", "mesh/mesh.c",
     lambda text: text.replace(FIRST, FIRST + "#include <time.h>\n").replace(
         "self->now_ms = INT64_MIN", "self->now_ms = time(NULL)"),
     r"mesh/mesh\.c:1: impure: time "),
    ("purity", "dht/dht.c",
     lambda text: text.replace("#include <stdlib.h>", "#include <stdlib.h>\n#include <stdio.h>")
     .replace("    free(*self_p);", '    puts("gone");\n    free(*self_p);'),
     r"dht/dht\.c:1: impure: puts "),
    ("names", "mesh/mesh.c", append("\nint graft(void);\n\nint graft(void)\n{\n    return 0;\n}\n"),
     r"mesh/mesh\.c:\d+: graft is exported: call it mesh_"),
    ("names", "dht/dht.c", append("\nint dht_count;\n"), r"dht_count is a global that can change"),
    ("names", "mesh/mesh.h", insert_after("struct mesh;\n", "typedef struct mesh mesh_t;\n"),
     r"mesh/mesh\.h:\d+: no typedef of a struct"),
    ("names", "mesh/mesh.h", insert_after("struct mesh;\n", "int mesh_nextEffect(void);\n"),
     r"mesh/mesh\.h:\d+: mesh_nextEffect: no capitals"),
    ("names", "mesh/utils.h", new("\n"), r"mesh/utils\.h:1: a file is named after the thing"),
    ("names", "tests/unit/test_mesh_mesh.c",
     append("\nstatic void test_1(void **state)\n{\n    (void)state;\n}\n"),
     r"test_mesh_mesh\.c:\d+: test_1: a test's name is a claim"),
    ("names", "tests/unit/test_mesh_nothing.c", new("\n"), r"named after no module"),
    ("banned", "mesh/mesh.c", append("\nstatic void f(char *s)\n{\n    sprintf(s, s);\n}\n"),
     r"mesh/mesh\.c:\d+: sprintf\(\) is banned: use snprintf"),
    ("banned", "mesh/mesh.c", append("\n/* TO" "DO: more */\n"), r"mesh/mesh\.c:\d+: TO.. needs"),
    ("format", "mesh/mesh.c", append("\nint x ( void ) ;\n"),
     r"mesh/mesh\.c:\d+: not formatted: clang-format -i mesh/mesh\.c"),
    ("format", "tests/checks/tree.py", append("WIDE = 1  # " + "x" * 100 + "\n"),
     r"tree\.py:\d+: 112 columns"),
    ("format", "tests/CMakeLists.txt", append("\tset(a b) \n"), r"CMakeLists\.txt:\d+: a tab"),
    ("size", "mesh/mesh.c", append("/* a line */\n" * 501), r"mesh/mesh\.c:\d+: \d+ lines: split"),
    ("size", "mesh/mesh.c", append(LONG_FUNCTION), r"mesh/mesh\.c:\d+: a function of 72 lines"),
    ("docs", "mesh/README.md", append("\n[nowhere](nothing.md)\n"),
     r"mesh/README\.md:\d+: the link leads nowhere: nothing\.md"),
    ("docs", "mesh/README.md", append("\nsee .." "/shared/DESIGN\n"),
     r"mesh/README\.md:\d+: names a folder outside"),
    ("docs", "README.md", lambda text: text.replace("<!-- config -->", ""),
     r"README\.md:1: lacks <!-- config -->"),
    ("docs", "README.md",
     lambda text: text.replace("<!-- /config -->", "| x |\n<!-- /config -->"),
     r"README\.md:\d+: the configuration table is not what the program says"),
    ("tidy", "mesh/mesh.c", append("\nstatic int badName;\n"), r"mesh/mesh\.c:\d+: .*badName"),
]


class Copy:
    """A copy of the tree, with a compile database that points into it."""

    def __init__(self, tree, folder):
        self.tree, self.root, self.build = tree, folder / "tree", folder / "tree/build/copy"
        for path in tree.files():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(tree.root / path, self.root / path)
        self.build.mkdir(parents=True)
        if (tree.build / "bin").exists():
            (self.build / "bin").symlink_to(tree.build / "bin")
        self.commands = {command.source: command for command in tree.commands()}
        self.write_database({})

    def moved(self, command, target):
        """The arguments that compile the copy's source into target, with warnings allowed."""
        arguments = [word.replace(str(self.tree.root), str(self.root), 1)
                     if str(self.tree.build) not in word else word for word in command.arguments]
        arguments[arguments.index("-o") + 1] = str(target)
        return arguments + ["-w"]

    def write_database(self, compiled):
        entries = []
        for source, command in self.commands.items():
            target = compiled.get(source, command.object)
            entries.append({"directory": str(command.folder), "file": str(self.root / source),
                            "command": shlex.join(self.moved(command, target))})
        (self.build / "compile_commands.json").write_text(json.dumps(entries), encoding="utf-8")

    def compile(self, source):
        target = self.build / "changed.o"
        subprocess.run(self.moved(self.commands[source], target), check=True,
                       cwd=self.commands[source].folder)
        self.write_database({source: target})

    def check(self, name, only=()):
        """(exit status, output) of a check of the copy; its scripts are copies too."""
        result = subprocess.run(
            [sys.executable, self.root / f"tests/checks/{name}.py", "--root", self.root,
             "--build", self.build, *only],
            check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return result.returncode, result.stdout

    def broken(self, name, path, edit):
        """The same with one file broken; it is whole again afterwards."""
        target = self.root / path
        original = target.read_bytes() if target.exists() else None
        text = original.decode() if original is not None else ""
        target.write_text(edit(text), encoding="utf-8")
        try:
            if name in ("purity", "names") and path in self.commands:
                self.compile(path)
            return self.check(name, [path] if name in ("format", "tidy") else [])
        finally:
            self.write_database({})
            if original is None:
                target.unlink()
            else:
                target.write_bytes(original)


def where(path, name):
    """The line of BREAKS, so that a problem leads to it."""
    lines = pathlib.Path(__file__).read_text(encoding="utf-8").split("\n")
    return next((number for number, line in enumerate(lines, 1)
                 if f'("{name}", "{path}"' in line), 1)


def check(tree):
    own = "tests/checks/selftest.py"
    with tempfile.TemporaryDirectory(prefix="runmesh check ") as folder:
        copy = Copy(tree, pathlib.Path(folder))
        for name in sorted({row[0] for row in BREAKS} - {"tidy"}):
            status, _ = copy.check(name)
            if status:
                yield Problem(own, 1, f"check {name} fails on the tree as it is, see there")
        for name, path, edit, expected in BREAKS:
            status, output = copy.broken(name, path, edit)
            if status == 0 or not re.search(expected, output):
                yield Problem(own, where(path, name), f"check {name} did not say `{expected}`, "
                                                      f"but:\n{output}")


if __name__ == "__main__":
    run(check)
