"""Types a session at a cluster, with the ceph program itself: type-session.py CONF LINES OUT.

A line may begin with "~" and marks of what is not compared: c its code, j its JSON, o what it prints,
e what it says beside. Each line is typed twice, the second time with --format json. The program's modules are loaded once;
each line runs in a process of its own. PG stands for the first group of the pool rp, FILE for a
file beside OUT, CONF for a short ceph.conf. Each answer is written as one line of JSON.
"""
import importlib.machinery
import importlib.util
import json
import os
import shlex
import sys
import tempfile

import rados  # loaded here, so that each line need not

conf, lines, out = sys.argv[1:4]
PROGRAM = "/usr/bin/ceph"
SECONDS = 30
loader = importlib.machinery.SourceFileLoader("ceph_program", PROGRAM)
spec = importlib.util.spec_from_loader(loader.name, loader)
program = importlib.util.module_from_spec(spec)
loader.exec_module(program)


def run(words):
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as error:
        child = os.fork()
        if child == 0:
            code = 99
            try:
                os.dup2(output.fileno(), 1)
                os.dup2(error.fileno(), 2)
                sys.argv = ["ceph", "-c", conf, "--connect-timeout", str(SECONDS)] + words
                code = program.main()
            except SystemExit as end:
                code = end.code
            except BaseException as failure:
                print(failure, file=sys.stderr)
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit((code or 0) & 0xFF)
        _, status = os.waitpid(child, 0)
        texts = []
        for file in (output, error):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
        return os.waitstatus_to_exitcode(status), texts[0], texts[1]


def first_group():
    pools = json.loads(run(["osd", "pool", "ls", "detail", "--format", "json"])[1])
    return "%d.0" % [pool["pool_id"] for pool in pools if pool["pool_name"] == "rp"][0]


scratch = out + ".file"
short = out + ".conf"
with open(short, "w") as file:
    file.write("[osd]\nosd_max_scrubs = 2\n[client]\nnosuch_option = 1\n")
with open(lines) as given, open(out, "w") as answers:
    for line in given:
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        marks = ""
        if line.startswith("~"):
            marks, line = line[1:].split(" ", 1)
        words = shlex.split(line)
        if "PG" in words:
            group = first_group()
            words = [group if word == "PG" else word for word in words]
        words = [{"FILE": scratch, "CONF": short}.get(word, word) for word in words]
        code, output, error = run(words)
        json_code, json_output, _ = run(words + ["--format", "json"])
        answers.write(
            json.dumps(
                {
                    "line": line,
                    "marks": marks,
                    "code": code,
                    "output": output,
                    "error": error,
                    "jsonCode": json_code,
                    "json": json_output,
                }
            )
            + "\n"
        )
        answers.flush()
