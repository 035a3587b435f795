"""Layers: each file includes only what its folder may use (the table in ARCHITECTURE.md).

Linking proves the same for functions; headers need this, since all folders share one include
root. Also: own header first, guards named after the file, private headers stay private.
"""

import fnmatch
import re

from tree import Problem, layer_of, run

# What may include what, of our own.
MAY_INCLUDE = {
    "node/base": {"node/base"},
    "store": {"store", "node/base"},
    "mesh": {"mesh", "node/base"},
    "dht": {"dht", "node/base"},
    "github": {"github", "store", "node/base"},
    "node": {"node", "github", "store", "mesh", "dht", "node/base"},
    "tools": {"tools", "node", "github", "store", "mesh", "dht", "node/base"},
    "tools/mock-github": {"tools/mock-github", "node/base"},
    "tests": {"tests", "tools/mock-github", "node", "github", "store", "mesh", "dht", "node/base"},
}

# Headers that other folders may include; all the rest is private to its folder.
PUBLIC = {
    "node/base": ["*"],
    "store": ["store.h", "limits.h"],
    "mesh": ["mesh.h", "params.def"],
    "dht": ["dht.h", "params.def"],
    "github": ["*"],  # node is its driver and calls each of its parts: there is no inner side
    "node": [],
    "tools/mock-github": [],
    "tests": [],
}

# Who may include whose library. The first match decides; a header that matches none is free.
LIBRARIES = [
    ("lmdb.h", ["store/*", "tests/*"], "LMDB belongs to store/"),
    ("zstd*.h", ["store/*", "tests/*"], "zstd belongs to store/"),
    ("curl/*", ["github/*", "tools/*", "tests/*"], "libcurl belongs to one file of github/"),
    ("cjson/*", ["github/*", "node/*", "tools/*", "tests/*"],
     "cJSON belongs to one file of github/, and to node/ and tools/"),
    ("sodium*", ["node/base/*", "node/identity*", "node/main.c", "tools/*", "tests/*"],
     "libsodium belongs to node/base/: call base/hash.h or base/seal.h (main.c starts it)"),
    ("*zmq*.h", ["mesh/*_zmq.[ch]", "dht/*_zmq.[ch]", "node/*", "tools/*", "tests/*"],
     "ZeroMQ belongs to the transports (*_zmq.c) and to node/"),
    ("microhttpd.h", ["node/*", "tools/*", "tests/*"], "libmicrohttpd belongs to node/ and tools/"),
    ("openssl/*", ["github/*", "tools/*", "tests/*"], "OpenSSL belongs to github/ and tools/"),
    ("zlib.h", ["node/*", "tools/*", "tests/*"], "zlib belongs to node/: it packs for clients"),
]
# node/* above covers node/base too, which may use libc and libsodium alone.
BASE_LIBRARIES = ["sodium*"]

# One file of the folder may include these: the rest of it calls that file.
ONE_FILE = [("github", "curl/*"), ("github", "cjson/*")]

# All that a pure core may include of the system. No clock, no socket, no thread, no locale.
PURE_HEADERS = {"assert.h", "errno.h", "inttypes.h", "limits.h", "math.h", "stdarg.h", "stdbool.h",
                "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h"}
SOCKET_HEADERS = {"netdb.h", "poll.h", "sys/epoll.h", "sys/select.h", "sys/socket.h", "sys/un.h"}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def includes(tree, path):
    for number, line in enumerate(tree.lines(path), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1) == '"', match.group(2)


def is_core(path):
    return layer_of(path) in ("mesh", "dht") and not re.search(r"_(zmq|udp)\.[ch]$", path)


def resolve(tree, path, text):
    """The file that an include names: from the root, base's from node/, or beside the includer."""
    folder = path.rpartition("/")[0]
    for candidate in (text, "node/" + text if text.startswith("base/") else "", f"{folder}/{text}"):
        if candidate and tree.exists(candidate):
            return candidate
    return None


def allowed_of(layer):
    """A program of tools/ without a row of its own may use what "tools" may, and its own folder."""
    top = layer.partition("/")[0]
    return MAY_INCLUDE.get(layer) or MAY_INCLUDE.get(top, set()) | {layer}


def is_public(path, target):
    """Whether path may see the header target of another folder."""
    owner = layer_of(target)
    name = target[len(owner) + 1:]
    if any(fnmatch.fnmatch(name, pattern) for pattern in PUBLIC.get(owner, [])):
        return True
    # A test may see the inside of the layer that it is named after, and of nothing else.
    layer = re.match(r"tests/(?:unit/test|fuzz/fuzz)_([a-z0-9]+)_", path)
    folders = {"base": "node/base", "mock": "tools/mock-github"}
    return bool(layer) and folders.get(layer.group(1), layer.group(1)) == owner


def check_own(tree, path, number, text):
    target = resolve(tree, path, text)
    if not target:
        yield Problem(path, number, f'"{text}" is not a file of the project: write its path from '
                                    "the root, or <...> for a library")
        return
    owner, layer = layer_of(target), layer_of(path)
    if target != text and not text.startswith("base/") and layer in MAY_INCLUDE \
            and layer != "tests" and not layer.startswith("tools"):
        yield Problem(path, number, f'include it as "{target}"')
    if owner not in allowed_of(layer):
        yield Problem(path, number, f"{layer}/ may not include {owner}/ ({text}): layers only "
                                    "look down; pass the data in, or move the code")
    elif owner != layer and not is_public(path, target):
        yield Problem(path, number, f"{target} is private to {owner}/: use its public header, "
                                    "or list it in PUBLIC of tests/checks/layers.py with a reason")


def check_library(path, number, text):
    layer = layer_of(path)
    for pattern, places, remedy in LIBRARIES:
        if not fnmatch.fnmatch(text, pattern):
            continue
        allowed = any(fnmatch.fnmatch(path, place) for place in places)
        if layer == "node/base" and pattern not in BASE_LIBRARIES:
            allowed = False
        if not allowed:
            yield Problem(path, number, f"{path} may not include <{text}>: {remedy}")
        return
    if is_core(path) and text not in PURE_HEADERS:
        yield Problem(path, number, f"a pure core may not include <{text}>: the driver passes in "
                                    "time, randomness and bytes")
    if layer in ("store", "github", "node/base") and text in SOCKET_HEADERS:
        yield Problem(path, number, f"{layer}/ opens no socket (<{text}>): that is node/'s work")


def check_first(tree, path):
    own = path[:-2] + ".h"
    first = next(includes(tree, path), None)
    if tree.exists(own) and first and resolve(tree, path, first[2]) != own:
        yield Problem(path, first[0], f'the own header comes first: #include "{own}"')


def check_guard(tree, path):
    layer = layer_of(path)
    name = re.sub(r"[^A-Z0-9]", "_", path.rpartition("/")[2].upper())
    folder = {"node/base": "BASE_"}.get(layer, layer.upper() + "_")
    exact = not layer.startswith(("tests", "tools"))
    text = "\n".join(tree.lines(path))
    guard = re.search(r"^#ifndef (\w+)\n#define \1\n", text, re.MULTILINE)
    if not guard:
        yield Problem(path, 1, f"the header needs a guard: #ifndef {folder}{name}")
    elif guard.group(1) != folder + name and (exact or not guard.group(1).endswith(name)):
        yield Problem(path, 1, f"the guard is {guard.group(1)}, not {folder}{name}")


def check_one_file(tree, paths):
    for folder, pattern in ONE_FILE:
        users = {}
        for path in paths:
            if layer_of(path) != folder:
                continue
            for number, ours, text in includes(tree, path):
                if not ours and fnmatch.fnmatch(text, pattern):
                    users.setdefault(path, number)
        for path, number in list(users.items())[1:]:
            yield Problem(path, number, f"{pattern} is included by {next(iter(users))} already: "
                                        f"one file of {folder}/ may, the others call it")


def check(tree):
    paths = tree.files(".c", ".h", ".def")
    for path in paths:
        for number, ours, text in includes(tree, path):
            if ours:
                yield from check_own(tree, path, number, text)
            else:
                yield from check_library(path, number, text)
        if path.endswith(".c"):
            yield from check_first(tree, path)
        if path.endswith(".h"):
            yield from check_guard(tree, path)
    yield from check_one_file(tree, paths)


if __name__ == "__main__":
    run(check)
