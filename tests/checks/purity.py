"""Purity: the cores of mesh/ and dht/ ask for nothing but memory, text and arithmetic.

Reads the undefined symbols of their objects, and of those objects of node/base that they pull in,
against a list of what is allowed. A clock, a socket, randomness, a thread or a log call shows up
here by name, whoever wraps it.
"""

import re
import subprocess

from tree import Problem, layer_of, run

ALLOWED = re.compile("|".join([
    r"(m|c|re)alloc|free|abort",
    r"mem(chr|cmp|cpy|mem|move|rchr|set)",
    r"str(chr|cmp|len|ncmp|nlen|rchr|spn|cspn|str)",
    r"v?snprintf|qsort|bsearch",
    r"(exp|log|log2|pow|sqrt|floor|ceil|round|lround|llround|fmin|fmax|fabs)f?",
    r"fprintf|fwrite|stderr",  # CHECK says what broke before it aborts
    r"__(stack_chk_fail|errno_location|assert_fail)",
    r"__(fprintf|v?snprintf|memcpy|memmove|memset)_chk",  # the same, with _FORTIFY_SOURCE
    r"_GLOBAL_OFFSET_TABLE_",
    r"crypto_\w+|sodium_(memcmp|memzero|is_zero|increment|add|sub|compare|pad|unpad)",
]))
# Pure by name, but not by what it does: these draw random bytes inside.
IMPURE = re.compile(r"crypto_\w*(_keypair|_keygen|_random|_seal)")


def symbols(path):
    """(defined and exported, undefined) names of one object."""
    output = subprocess.run(["nm", "-P", "-g", str(path)], check=True, text=True,
                            stdout=subprocess.PIPE).stdout
    defined, undefined = set(), set()
    for line in output.splitlines():
        name, kind = line.split()[:2]
        (undefined if kind in "Uwv" else defined).add(name)
    return defined, undefined


def is_core(source):
    return layer_of(source) in ("mesh", "dht") and not re.search(r"_(zmq|udp)\.c$", source)


def closure(cores, base):
    """The cores' objects and those of base that they need, directly or through others of base."""
    owner = {name: source for source, (defined, _) in base.items() for name in defined}
    needed, waiting = {}, list(cores.items())
    while waiting:
        source, (defined, undefined) = waiting.pop()
        needed[source] = (defined, undefined)
        for name in undefined:
            other = owner.get(name)
            if other and other not in needed:
                waiting.append((other, base[other]))
    return needed


def check(tree):
    cores, base = {}, {}
    for command in tree.commands():
        if not command.object.exists():
            # Of base, the closure below misses the symbols and says so by name.
            if is_core(command.source):
                yield Problem(command.source, 1, "not built: nothing was proved")
        elif is_core(command.source):
            cores[command.source] = symbols(command.object)
        elif layer_of(command.source) == "node/base":
            base[command.source] = symbols(command.object)
    if not cores:
        yield Problem("mesh", 0, "the build has no core: nothing was proved")
    needed = closure(cores, base)
    own = set().union(*(defined for defined, _ in needed.values())) if needed else set()
    for source, (_, undefined) in needed.items():
        for name in undefined - own:
            if not ALLOWED.fullmatch(name) or IMPURE.fullmatch(name):
                yield Problem(source, 1, f"impure: {name} (the driver passes in time, randomness "
                                         "and bytes; effects go out through next_effect)")


if __name__ == "__main__":
    run(check)
