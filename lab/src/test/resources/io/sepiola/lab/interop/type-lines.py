"""Types lines at a cluster as the ceph program does, in one process: type-lines.py CONF LINES OUT.

A line that begins with "~" is compared by its exit code only. PG stands for the first placement
group of the pool rp. Each answer is written as one line of JSON.
"""
import json
import sys

import ceph_argparse
import rados

conf, lines, out = sys.argv[1:4]
cluster = rados.Rados(conffile=conf)
cluster.connect()


def send(command):
    return cluster.mon_command(json.dumps(command), b"")


signatures = ceph_argparse.parse_json_funcsigs(
    send({"prefix": "get_command_descriptions"})[1].decode(), "cli"
)


def send_manager(command):
    return cluster.mgr_command(json.dumps(command), b"")


def typed(words, as_json):
    try:
        command = ceph_argparse.validate_command(signatures, words, False)
    except ceph_argparse.ArgumentError:
        command = None
    if not command:
        return -22, "", ""
    command = dict(command)
    target = command.pop("target", None)
    if as_json:
        command["format"] = "json"
    by_manager = bool(target) and target[0] in ("mon-mgr", "mgr")
    result, output, text = (send_manager if by_manager else send)(command)
    return result, text, output.decode("utf-8", "replace")


with open(lines) as given, open(out, "w") as answers:
    for line in given:
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        loose = line.startswith("~")
        words = line.lstrip("~").split()
        if "PG" in words:
            pools = json.loads(send({"prefix": "osd pool ls", "detail": "detail", "format": "json"})[1])
            pool = [p["pool_id"] for p in pools if p["pool_name"] == "rp"][0]
            words = ["%d.0" % pool if word == "PG" else word for word in words]
        result, text, output = typed(words, False)
        answer = {"line": line, "loose": loose, "result": result, "text": text}
        answer["output"] = bool(output)
        answer["json"] = typed(words, True)[2] if output else ""
        answers.write(json.dumps(answer) + "\n")
