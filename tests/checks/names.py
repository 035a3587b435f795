"""Names: the name of a function tells its file, and the name of a test what it claims."""

import re
import subprocess

from tree import LAYERS, Problem, layer_of, line_of, run, without_comments

HOMELESS = re.compile(r"(^|_)(util|utils|helper|helpers|common|misc)s?(_|$)")
TYPEDEF = re.compile(r"^\s*typedef\s+(struct|union|enum)\b", re.MULTILINE)
# A function of ours begins in the first column; libFuzzer's entry point has its own spelling.
FUNCTION = re.compile(r"^(?!typedef\b|return\b|else\b)[A-Za-z_][\w \t*]*?\b(\w+)\(", re.MULTILINE)
FOREIGN = {"LLVMFuzzerTestOneInput", "LLVMFuzzerInitialize"}
TEST = re.compile(r"^static void (\w+)\(void \*\*\w+\)", re.MULTILINE)
# Tests of a folder as a whole, which mirror no file, each with its reason.
WHOLE = {
    "tests/unit/test_store_crash.c": "kills a process that writes and reopens what it left",
    "tests/unit/test_store_threads.c": "reads and writes from many threads at once",
}
TEST_CLAIM = re.compile(r"test(_[a-z0-9]+){3,}")


def prefixes(source):
    """What an exported name of this source may begin with."""
    layer = layer_of(source)
    stem = re.sub(r"\W", "_", source.rpartition("/")[2][:-2])
    folder = LAYERS[layer]
    if not folder:
        return [stem + "_"]
    # tools/mock-github is "mock" in names; a file that repeats the folder's name adds nothing.
    return [folder + "_"] if stem in (folder, layer.rpartition("/")[2]) else [f"{folder}_{stem}_"]


def exported(objects):
    """{object: [(name, kind)]} of all objects, by one call."""
    names = {str(path): [] for path in objects}
    output = subprocess.run(["nm", "-P", "-g", "--defined-only", "-A", *names], check=True,
                            text=True, stdout=subprocess.PIPE).stdout
    for line in output.splitlines():
        path, _, rest = line.rpartition(": ")
        names[path].append(tuple(rest.split()[:2]))
    return names


def declared_at(tree, source, name):
    for number, line in enumerate(tree.lines(source), 1):
        if re.match(rf"[A-Za-z].*\b{name}\(", line):
            return number
    return 1


def check_exports(tree):
    commands = [command for command in tree.commands() if layer_of(command.source) in LAYERS]
    for command in commands:
        if not command.object.exists():
            yield Problem(command.source, 1, "not built: its exported names can't be read")
    commands = [command for command in commands if command.object.exists()]
    names = exported(command.object for command in commands) if commands else {}
    for command in commands:
        starts = prefixes(command.source)
        for name, kind in names[str(command.object)]:
            if name == "main" or name.startswith("__"):
                continue
            line = declared_at(tree, command.source, name)
            if kind in "BCD":
                yield Problem(command.source, line, f"{name} is a global that can change: hang it "
                                                    "off the first argument")
            elif not name.startswith(tuple(starts)) and name + "_" not in starts:
                yield Problem(command.source, line, f"{name} is exported: call it {starts[0]}... "
                                                    "or make it static")


def check_text(tree, path):
    text = without_comments((tree.root / path).read_text(encoding="utf-8"))
    for match in TYPEDEF.finditer(text):
        yield Problem(path, line_of(text, match.start()),
                      f"no typedef of a {match.group(1)}: write `{match.group(1)} name`")
    for match in FUNCTION.finditer(text):
        name = match.group(1)
        if re.search(r"[a-z][A-Z]|[A-Z][a-z]", name) and name not in FOREIGN:
            yield Problem(path, line_of(text, match.start()), f"{name}: no capitals inside names")


def check_tests(tree, path):
    text = (tree.root / path).read_text(encoding="utf-8")
    found = TEST.finditer(text) if path.endswith(".c") else \
        re.finditer(r"^\s*def (test_?\w*)\(", text, re.MULTILINE)
    for match in found:
        if not TEST_CLAIM.fullmatch(match.group(1)):
            yield Problem(path, line_of(text, match.start()),
                          f"{match.group(1)}: a test's name is a claim of three words or more, "
                          "as test_graft_is_refused_during_backoff")


def check_mirror(tree, path):
    """tests/unit/test_mesh_score.c tests mesh/score.c."""
    layer, _, module = path.rpartition("/")[2][len("test_"):-len(".c")].partition("_")
    folder = {"base": "node/base", "mock": "tools/mock-github"}.get(layer, layer)
    ends = (".c", ".h", ".def")
    if path not in WHOLE and not any(tree.exists(f"{folder}/{module}{end}") for end in ends):
        yield Problem(path, 1, f"named after no module: {folder}/{module}.c does not exist")


def check(tree):
    for path in tree.files():
        stem = path.rpartition("/")[2].partition(".")[0].replace("-", "_").lower()
        if HOMELESS.search(stem):
            yield Problem(path, 1, "a file is named after the thing it holds, not utils or helpers")
    for path in tree.files(".c", ".h"):
        yield from check_text(tree, path)
    for path in tree.files():
        if re.fullmatch(r"tests/unit/test_\w+\.c", path):
            yield from check_tests(tree, path)
            yield from check_mirror(tree, path)
        elif re.fullmatch(r"tests/integration/test_\w+\.py", path):
            yield from check_tests(tree, path)
    yield from check_exports(tree)


if __name__ == "__main__":
    run(check)
