"""Tidy: clang-tidy over the sources of a build, with what .clang-tidy says.

A result is kept in build/tidy-cache under a hash of the preprocessed source, the configuration
and the version of clang-tidy, so that only what changed is looked at again.
"""

import concurrent.futures
import hashlib
import os
import re
import shutil
import subprocess

from tree import Problem, run

DROPPED = {"-Werror", "-c"}  # clang-tidy has WarningsAsErrors of its own
FINDING = re.compile(r"^(/[^:\n]+):(\d+):\d+: (?:error|warning): (.*)$", re.MULTILINE)


def program(name):
    return shutil.which(name + "-14") or shutil.which(name)


def arguments(command):
    """The compiler's arguments without its name, output and warnings as errors."""
    kept, words = [], iter(command.arguments[1:])
    for word in words:
        if word == "-o":
            next(words)
        elif word not in DROPPED and not word.startswith("--coverage"):
            kept.append(word)
    return kept


def key_of(tree, command, tools):
    """Comments stay in (-C): a NOLINT with its reason is one."""
    text = subprocess.run([tools["clang"], "-E", "-C", *arguments(command)], cwd=command.folder,
                          check=False, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    key = hashlib.sha256(tools["version"])
    key.update((tree.root / ".clang-tidy").read_bytes())
    key.update(str(arguments(command)).encode())
    key.update(text)
    return key.hexdigest()


def findings(tree, command, tools):
    cached = tools["cache"] / key_of(tree, command, tools)
    if cached.exists():
        return cached.read_text(encoding="utf-8")
    result = subprocess.run(
        [tools["clang-tidy"], "--quiet", str(tree.root / command.source), "--",
         *arguments(command), "-Wno-unknown-warning-option"],
        cwd=command.folder, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output = result.stdout
    if result.returncode and not FINDING.search(output):
        output = f"{tree.root / command.source}:1:1: error: clang-tidy failed: {result.stderr}"
    unfinished = cached.with_suffix(f".{os.getpid()}")
    unfinished.write_text(output, encoding="utf-8")
    unfinished.replace(cached)
    return output


def check(tree):
    tools = {name: program(name) for name in ("clang", "clang-tidy")}
    if not all(tools.values()):
        yield Problem(".clang-tidy", 1, "not installed: apt install clang clang-tidy")
        return
    tools["version"] = subprocess.run([tools["clang-tidy"], "--version"], check=True,
                                      stdout=subprocess.PIPE).stdout
    tools["cache"] = tree.root / "build" / "tidy-cache"
    tools["cache"].mkdir(parents=True, exist_ok=True)
    commands = {command.source: command for command in tree.commands()
                if not tree.only or command.source in tree.only}
    workers = min(2, os.cpu_count() or 1)
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        for output in pool.map(lambda command: findings(tree, command, tools), commands.values()):
            for path, line, text in FINDING.findall(output):
                yield Problem(os.path.relpath(path, tree.root), int(line), text)


if __name__ == "__main__":
    run(check)
