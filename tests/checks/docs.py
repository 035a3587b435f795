"""Docs: links lead somewhere, the configuration table is the program's own, and nothing names a
place that only one machine knows."""

import pathlib
import re

import docs_config
from tree import Problem, run

LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
EXTERNAL = re.compile(r"[a-z][a-z0-9+.-]*:")
# What must not be in the project: folders outside of it, and hosts of package registries (a lock
# file that pins them makes an offline install or a mirror impossible).
FOREIGN = [
    (r"\.\./shared\b|/work/(shared|main)\b", "a folder outside of the project"),
    (r"/\.library\b", "a folder outside of the project"),
    (r"\b(registry\.)?(npmjs|yarnpkg)\.(org|com)\b", "a package registry's host"),
    (r"\bpypi\.org\b|\bpythonhosted\.org\b", "a package registry's host"),
    (r"\brubygems\.org\b|\bcrates\.io\b", "a package registry's host"),
    (r"\bproxy\.golang\.org\b", "a package registry's host"),
]
README = "README.md"


def check_links(tree, path):
    fenced = False
    for number, line in enumerate(tree.lines(path), 1):
        fenced ^= line.startswith("```")
        if fenced:
            continue
        for match in LINK.finditer(re.sub(r"`[^`]*`", "", line)):
            target = (match.group(1) or match.group(2)).partition("#")[0]
            if not target or EXTERNAL.match(target):
                continue
            if not (tree.root / path).parent.joinpath(target).exists():
                yield Problem(path, number, f"the link leads nowhere: {target}")


def check_foreign(tree, path):
    data = (tree.root / path).read_bytes()
    if b"\0" in data:
        return
    for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
        for pattern, what in FOREIGN:
            if re.search(pattern, line):
                yield Problem(path, number, f"names {what}: {line.strip()[:60]}")


def check_config(tree):
    text = (tree.root / README).read_text(encoding="utf-8")
    block = docs_config.find(text)
    if block is None:
        yield Problem(README, 1, f"lacks {docs_config.BEGIN} ... {docs_config.END}, where the "
                                 "configuration table belongs")
        return
    program = docs_config.program(tree.build)
    if not program.exists():
        yield Problem(README, 1, "mesh-node is not built: the table can't be compared")
    elif block != docs_config.table(program):
        yield Problem(README, text[:text.index(docs_config.BEGIN)].count("\n") + 1,
                      "the configuration table is not what the program says: run "
                      "tests/checks/docs_config.py --write")


def check(tree):
    for path in tree.files(".md"):
        yield from check_links(tree, path)
    for path in tree.files():
        if pathlib.PurePath(path).parts[:2] != ("tests", "checks"):
            yield from check_foreign(tree, path)
    if tree.exists(README) and tree.build:
        yield from check_config(tree)


if __name__ == "__main__":
    run(check)
