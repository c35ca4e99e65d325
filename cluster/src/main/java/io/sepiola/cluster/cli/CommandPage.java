package io.sepiola.cluster.cli;

import io.sepiola.manager.ManagerCommands;
import io.sepiola.monitor.MonitorCommands;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The page of all commands, {@code docs/commands.md}: made of the tables from which daemons
 * describe and dispatch them, so that it cannot say more than they do.
 */
public final class CommandPage {
    private static final String BEGINNING =
            """
            # Commands

            What `ceph` can be told here. This page is what `sepiola commands` prints, from the
            tables that the daemons answer by; a test compares it. The daemons say the same of
            themselves: `ceph --help`, `ceph tell mon.ID help`, `ceph tell osd.N help`.

            *By* tells who answers: the monitors or the manager. *Caps* tells what the client's
            caps must allow there: of which service, and to read (r), write (w) or execute (x);
            `allow *` allows all. What stands in brackets may be left out, three dots mean one or
            several, bars part what may be chosen from. Every command takes `-f json` and
            `-f json-pretty`, and those that Ceph answers in XML `-f xml` and `-f xml-pretty`.
            """;

    private CommandPage() {}

    /** The page, in Markdown. */
    public static String text() {
        SortedMap<String, List<Row>> chapters = new TreeMap<>();
        rows(MonitorCommands.descriptions(), "mon", chapters);
        rows(ManagerCommands.descriptions(), "mgr", chapters);
        StringBuilder page = new StringBuilder(BEGINNING);
        page.append("\n## The cluster\n");
        table(chapters.getOrDefault("", List.of()), page);
        chapters.forEach((name, rows) -> {
            if (!name.isEmpty()) {
                page.append("\n## ").append(name).append('\n');
                table(rows, page);
            }
        });
        SortedMap<String, List<Row>> told = new TreeMap<>();
        rows(MonitorCommands.ofOneMonitor(), "mon", told);
        page.append("\n## tell mon.ID\n");
        table(told.values().stream().flatMap(List::stream).toList(), page);
        return page.toString();
    }

    /** One line of a table. */
    private record Row(String command, String daemon, String caps, String help) {}

    /** Adds a daemon's commands to the chapters; those of one word are in the one without name. */
    private static void rows(String json, String daemon, SortedMap<String, List<Row>> chapters) {
        for (Signature signature : CommandTable.parse(json).signatures()) {
            boolean elsewhere = daemon.equals("mon") && signature.has(Signature.MANAGER);
            boolean ours = signature.concise().equals("get_command_descriptions");
            if (!elsewhere && !ours && !signature.has(Signature.HIDDEN)) {
                String deprecated = signature.has(Signature.DEPRECATED) ? "; deprecated" : "";
                Row row =
                        new Row(
                                signature.concise(),
                                daemon,
                                signature.access(),
                                signature.help() + deprecated);
                chapters.computeIfAbsent(chapter(signature), none -> new ArrayList<>()).add(row);
            }
        }
    }

    private static String chapter(Signature signature) {
        List<String> words =
                signature.arguments().stream()
                        .filter(Argument::isLiteral)
                        .map(Argument::concise)
                        .toList();
        if (words.size() < 2) {
            return "";
        }
        boolean parted = words.size() > 2 && words.getFirst().equals("osd");
        boolean large = parted && List.of("crush", "pool").contains(words.get(1));
        return large ? "osd " + words.get(1) : words.getFirst();
    }

    private static void table(List<Row> rows, StringBuilder page) {
        page.append("\n| command | by | caps | what it does |\n|---|---|---|---|\n");
        rows.stream()
                .sorted(Comparator.comparing(Row::command))
                .forEach(row ->
                        page.append("| `")
                                .append(row.command.replace("|", "\\|"))
                                .append("` | ")
                                .append(row.daemon)
                                .append(" | ")
                                .append(row.caps)
                                .append(" | ")
                                .append(row.help.replace("|", "\\|"))
                                .append(" |\n"));
    }
}
