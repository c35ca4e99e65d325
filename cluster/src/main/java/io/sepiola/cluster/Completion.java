package io.sepiola.cluster;

import io.sepiola.cluster.deploy.DeployVerb;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.nio.file.Path;
import java.util.List;

/** What a shell is told of the words that may come next. */
final class Completion {
    private static final List<String> WORDS =
            List.of(
                    "commands",
                    "ceph",
                    "rados",
                    "radosgw-admin",
                    "crushtool",
                    "osdmaptool",
                    "monmaptool",
                    "ceph-dencoder");
    private static final List<String> STORE_OPS =
            List.of(
                    "list",
                    "list-pgs",
                    "list-slow-omap",
                    "info",
                    "log",
                    "export",
                    "export-remove",
                    "import",
                    "dump-export",
                    "remove",
                    "mark-complete",
                    "trim-pg-log",
                    "trim-pg-log-dups",
                    "fsck",
                    "fsck-deep",
                    "repair",
                    "repair-deep",
                    "fix-lost",
                    "meta-list",
                    "dump-super",
                    "statfs",
                    "get-osdmap",
                    "set-osdmap",
                    "get-inc-osdmap",
                    "set-inc-osdmap",
                    "get-superblock",
                    "set-superblock");

    private Completion() {}

    /** A script for bash, of the verbs and of Ceph's programs. */
    static String bash(CommandLine verbs) {
        verbs.addSubcommand("ceph-deploy", DeployVerb.words());
        for (String name : WORDS) {
            verbs.addSubcommand(name, CommandSpec.create());
        }
        CommandSpec objects = CommandSpec.create();
        objects.addOption(file("--data-path")).addOption(file("--file"));
        objects.addOption(choice("--op", STORE_OPS)).addOption(choice("--pgid", List.of()));
        objects.addOption(choice("--format", List.of("json", "json-pretty")));
        for (String flag : List.of("--force", "--dry-run", "--head", "--no-mon-config")) {
            objects.addOption(OptionSpec.builder(flag).build());
        }
        verbs.addSubcommand("ceph-objectstore-tool", objects);
        CommandSpec disks = CommandSpec.create();
        disks.addOption(file("--path")).addOption(choice("--deep", List.of("0", "1")));
        disks.addOption(choice("--command", List.of("fsck", "repair", "quick-fix", "show-label")));
        verbs.addSubcommand("ceph-bluestore-tool", disks);
        return AutoComplete.bash("sepiola", verbs);
    }

    private static OptionSpec file(String name) {
        return OptionSpec.builder(name).type(Path.class).build();
    }

    private static OptionSpec choice(String name, List<String> values) {
        return OptionSpec.builder(name).type(String.class).completionCandidates(values).build();
    }
}
