"""Line coverage of a build with the preset coverage, by folder, from gcov's counters.

    coverage.py BUILD

Shown, never a reason to fail: a number that must rise is met with tests that assert nothing.
"""

import collections
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
FOLDERS = ("node/base", "store", "mesh", "dht", "github", "node", "tools")


def folder_of(path):
    return next((folder for folder in FOLDERS if path.startswith(folder + "/")), None)


def counts(build):
    """{source: {line: executions}}, a line being run where any object ran it."""
    lines = collections.defaultdict(lambda: collections.defaultdict(int))
    with tempfile.TemporaryDirectory() as scratch:
        for data in build.rglob("*.gcda"):
            subprocess.run(["gcov", "--json-format", str(data)], cwd=scratch, check=False,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for result in pathlib.Path(scratch).glob("*.gcov.json.gz"):
                with gzip.open(result) as file:
                    report = json.load(file)
                result.unlink()
                for source in report["files"]:
                    for line in source["lines"]:
                        lines[source["file"]][line["line_number"]] += line["count"]
    return lines


def main():
    total = collections.defaultdict(lambda: [0, 0])
    for source, lines in counts(pathlib.Path(sys.argv[1]).resolve()).items():
        path = pathlib.Path(source)
        folder = path.is_relative_to(ROOT) and folder_of(path.relative_to(ROOT).as_posix())
        if folder:
            for name in (folder, "all"):
                total[name][0] += sum(count > 0 for count in lines.values())
                total[name][1] += len(lines)
    for name in (*FOLDERS, "all"):
        run, lines = total[name]
        if lines:
            print(f"{name:<10} {100 * run / lines:5.1f} % of {lines} lines")


if __name__ == "__main__":
    main()
