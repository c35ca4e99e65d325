package io.sepiola.cluster.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What {@code sepiola ceph --help} prints. */
final class CephHelp {
    private static final String USAGE =
            """
            usage: sepiola ceph [options] COMMAND...

            Administers a cluster, Sepiola's or Ceph's.

              -c, --conf FILE         the configuration (also CEPH_CONF; else /etc/ceph/ceph.conf,
                                      ~/.ceph/ceph.conf, ./ceph.conf)
              -n, --name TYPE.ID      who asks (client.admin)
              --id, --user ID         the same, for a client
              -k, --keyring FILE      the key of who asks
              -m, --mon-host ADDRS    the monitors, in place of the configuration's
              --cluster NAME          the cluster's name (ceph)
              -i, --in-file FILE      input of the command, "-" for standard input
              -o, --out-file FILE     where its output goes, "-" for standard output
              -f, --format FORMAT     json, json-pretty, xml, xml-pretty, plain, yaml
              -s, --status            the cluster's status
              -w, --watch             the status, then the cluster's log as it is written
              -W, --watch-channel C   the log of one channel: cluster, audit, ... or *
              --watch-debug, --watch-info, --watch-sec, --watch-warn, --watch-error
              -p, --period SECONDS    between the lines of commands that repeat (1)
              --connect-timeout SECS  how long to look for a monitor (30)
              -v, --version           the version of this program
              -h, --help              this, and every command of the cluster

            Local commands:
              ping mon.ID             a sign of life from a monitor; "mon.*" for all
              tell NAME COMMAND...    a command to one daemon: osd.0, osd.*, mon.a, mgr, or a pg
            """;

    private static final String SPLITTABLE =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ{[<>]}";

    private CephHelp() {}

    static void usage(PrintStream out) {
        out.print(USAGE);
    }

    /** All commands that begin so, in two columns. */
    static void commands(CommandTable table, String beginning, int columns, PrintStream out) {
        int left = (columns - 1) / 2;
        int right = columns - 1 - left;
        table.signatures().stream()
                .filter(s -> !s.help().isEmpty())
                .filter(s ->
                        !s.has(Signature.OBSOLETE)
                                && !s.has(Signature.DEPRECATED)
                                && !s.has(Signature.HIDDEN))
                .filter(s -> s.concise().startsWith(beginning))
                .sorted(Comparator.comparing(Signature::concise))
                .forEach(s -> row(wrap(s.concise(), left), wrap(s.help(), right), left, out));
    }

    private static void row(List<String> left, List<String> right, int width, PrintStream out) {
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            String one = i < left.size() ? left.get(i) : "";
            String two = i < right.size() ? right.get(i) : "";
            out.println(
                    (one + " ".repeat(Math.max(0, width - one.length())) + " " + two)
                            .stripTrailing());
        }
    }

    /** Breaks a text where no word or bracket is, and indents all lines but the first. */
    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > room(lines, width)) {
            int room = room(lines, width);
            int at = room;
            while (at > 0 && SPLITTABLE.indexOf(rest.charAt(at - 1)) >= 0) {
                at--;
            }
            at = at == 0 ? room : at;
            lines.add(indent(lines) + rest.substring(0, at).strip());
            rest = rest.substring(at).stripLeading();
        }
        lines.add(indent(lines) + rest);
        return lines;
    }

    private static int room(List<String> lines, int width) {
        return Math.max(1, lines.isEmpty() ? width : width - 1);
    }

    private static String indent(List<String> lines) {
        return lines.isEmpty() ? "" : " ";
    }
}
