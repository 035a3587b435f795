"""The configuration table of README.md, made from what `mesh-node --help` says.

    docs_config.py [--build build/dev]           prints the table
    docs_config.py [--build build/dev] --write   puts it between the markers of README.md

--help and not --print-config: the latter shows the settings in force, with this user's paths.
"""

import argparse
import pathlib
import re
import subprocess
import sys

BEGIN, END = "<!-- config -->", "<!-- /config -->"
ROW = re.compile(r"(?P<option>--\S+ \S+|\S+=\S+) +(?P<prose>.*) "
                 r"\[((?P<key>[a-z._]+); )?default: (?P<default>.*)\]")
HEAD = ["| Option | Key | Default | Meaning |", "|---|---|---|---|"]


def program(build):
    return build / "bin" / "mesh-node"


def paragraphs(text):
    """The rows of --help, each in one line: they begin two columns in, the rest is deeper."""
    rows = []
    for line in text.split("\n"):
        if re.match(r"  \S", line):
            rows.append(line.strip())
        elif re.match(r"   ", line) and rows:
            rows[-1] += " " + line.strip()
    return rows


def cell(text):
    return text.replace("|", "\\|")


def code(text):
    return ", else ".join(f"`{cell(part)}`" for part in text.split(", else ")) if text else ""


def table(node):
    """The table as text, or an error where --help no longer looks as expected."""
    output = subprocess.run([node, "--help"], check=True, text=True, stdout=subprocess.PIPE).stdout
    lines = list(HEAD)
    for text in paragraphs(output):
        match = ROW.fullmatch(text)
        if not match:
            if "default:" in text:
                sys.exit(f"a row of --help is not understood: {text}")
            continue
        option, key = match["option"], match["key"]
        if not key:
            option, key = "", option.partition("=")[0]
        default = "" if match["default"] == "nothing" else match["default"]
        cells = [code(option), code(key), code(default), cell(match["prose"])]
        lines.append("| " + " | ".join(cells) + " |")
    if len(lines) == len(HEAD):
        sys.exit(f"{node} --help has no rows that look like settings")
    return "\n".join(lines)


def find(text):
    """What stands between the markers, or None."""
    if BEGIN not in text or END not in text:
        return None
    return text.partition(BEGIN)[2].partition(END)[0].strip()


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, default=root / "build" / "dev")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    text = table(program(options.build))
    if not options.write:
        print(text)
        return
    readme = root / "README.md"
    before, begin, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        sys.exit(f"README.md lacks {BEGIN} ... {END}")
    readme.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
