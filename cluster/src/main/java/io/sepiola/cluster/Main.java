package io.sepiola.cluster;

import io.sepiola.cluster.cli.CephVerb;
import io.sepiola.cluster.cli.CommandPage;
import io.sepiola.cluster.cli.RadosVerb;
import io.sepiola.cluster.cli.RadosgwAdminVerb;
import io.sepiola.cluster.crushtool.CrushtoolVerb;
import io.sepiola.cluster.daemon.DaemonHost;
import io.sepiola.cluster.daemon.DaemonOptions;
import io.sepiola.cluster.daemon.GatewayVerb;
import io.sepiola.cluster.daemon.MgrVerb;
import io.sepiola.cluster.daemon.MonVerb;
import io.sepiola.cluster.daemon.OsdVerb;
import io.sepiola.cluster.deploy.DeployVerb;
import io.sepiola.cluster.local.ClusterVerb;
import io.sepiola.cluster.maptool.DencoderVerb;
import io.sepiola.cluster.maptool.MonmaptoolVerb;
import io.sepiola.cluster.maptool.OsdmaptoolVerb;
import io.sepiola.cluster.storetool.BluestoreToolVerb;
import io.sepiola.cluster.storetool.ObjectstoreToolVerb;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.UncheckedIOException;
import java.util.Arrays;

/** The program. Its first word is a verb; see {@code sepiola --help}. */
@Command(
        name = "sepiola",
        description = "Ceph, whole, in Java.",
        mixinStandardHelpOptions = true,
        versionProvider = Release.class,
        synopsisSubcommandLabel = "VERB",
        footer = {
            "",
            "Ceph's programs, for machines that have none of its packages:",
            "  ceph ...            the cluster's command line",
            "  rados ...           objects, pools and benchmarks",
            "  radosgw-admin ...   users of the S3 gateway",
            "  crushtool ...       CRUSH maps shown, changed and tested",
            "  osdmaptool ...      OSD map files",
            "  monmaptool ...      monitor map files",
            "  ceph-objectstore-tool ...   the objects and groups on a stopped OSD's disk",
            "  ceph-bluestore-tool ...     that disk checked and mended",
            "  ceph-dencoder ...   Ceph's encoded types, shown and written again",
            "  ceph-deploy ...     clusters set up on hosts, over SSH",
            "",
            "All that ceph can be told: sepiola commands",
            "For shells: source <(sepiola completion)",
        },
        subcommands = {
            ClusterVerb.class,
            MonVerb.class,
            MgrVerb.class,
            OsdVerb.class,
            GatewayVerb.class
        })
public final class Main {
    private Main() {}

    /** Runs the verb and ends the process with its exit code. */
    public static void main(String[] arguments) {
        int code;
        try {
            code = run(arguments);
        } catch (Refusal refusal) {
            System.err.println("sepiola: " + refusal.getMessage());
            code = 1;
        }
        System.out.flush();
        System.exit(code);
    }

    private static int run(String[] arguments) {
        String verb = arguments.length == 0 ? "" : arguments[0];
        String[] rest =
                arguments.length == 0
                        ? arguments
                        : Arrays.copyOfRange(arguments, 1, arguments.length);
        return switch (verb) {
            case "completion" -> {
                System.out.print(Completion.bash(commandLine()));
                yield 0;
            }
            case "commands" -> {
                System.out.print(CommandPage.text());
                yield 0;
            }
            case "ceph" -> CephVerb.run(rest, System.out, System.err, System.in);
            case "rados" -> RadosVerb.run(rest, System.out, System.err, System.in);
            case "radosgw-admin" -> RadosgwAdminVerb.run(rest, System.out, System.err);
            case "crushtool" -> CrushtoolVerb.run(rest, System.out, System.err, System.in);
            case "osdmaptool" -> OsdmaptoolVerb.run(rest, System.out, System.err);
            case "monmaptool" -> MonmaptoolVerb.run(rest, System.out, System.err);
            case "ceph-objectstore-tool" ->
                    ObjectstoreToolVerb.run(rest, System.out, System.err, System.in);
            case "ceph-bluestore-tool" -> BluestoreToolVerb.run(rest, System.out, System.err);
            case "ceph-dencoder" -> DencoderVerb.run(rest, System.out, System.err);
            case "ceph-deploy" -> DeployVerb.run(rest, System.err, System.getenv());
            case "" -> {
                commandLine().usage(System.err);
                yield 2;
            }
            case "mon", "mgr", "osd", "gateway" ->
                    daemonLine().execute(DaemonOptions.hyphened(arguments));
            default -> commandLine().execute(arguments);
        };
    }

    private static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (failure instanceof Refusal refusal) {
                        System.err.println("sepiola: " + refusal.getMessage());
                        return 1;
                    }
                    if (failure instanceof UncheckedIOException file) {
                        System.err.println(
                                "sepiola: " + file.getMessage() + ": " + file.getCause());
                        return 1;
                    }
                    throw failure;
                });
    }

    /** A daemon's log shall hold one line about what is wrong, not a page of usage. */
    private static CommandLine daemonLine() {
        return commandLine()
                .setParameterExceptionHandler((wrong, arguments) -> {
                    String verb = wrong.getCommandLine().getCommandName();
                    System.err.println(
                            "sepiola: "
                                    + String.valueOf(wrong.getMessage())
                                            .lines()
                                            .findFirst()
                                            .orElse("bad arguments")
                                    + "; see 'sepiola "
                                    + verb
                                    + " --help'");
                    return 1;
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (!DaemonHost.isSaid(failure)) {
                        throw failure;
                    }
                    System.err.println("sepiola: " + DaemonHost.reason(failure));
                    return 1;
                });
    }
}
