package io.sepiola.cluster.deploy;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** {@code sepiola ceph-deploy}. */
public final class DeployVerb {
    private DeployVerb() {}

    /**
     * Runs it in the process's working directory; the exit code.
     *
     * @param console for what is said
     */
    public static int run(String[] words, PrintStream console, Map<String, String> environment) {
        Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
        String agent = environment.getOrDefault("SSH_AUTH_SOCK", "");
        return run(
                words,
                console,
                Path.of("").toAbsolutePath(),
                home,
                options ->
                        new SshDoor(home, agent, options::username, options.acceptsNewHostKeys()));
    }

    /** As above, with other ways to the hosts. */
    static int run(
            String[] words,
            PrintStream console,
            Path workFolder,
            Path home,
            Function<DeployOptions, Link.Door> doors) {
        DeployOptions options =
                new DeployOptions(
                        console,
                        workFolder,
                        home,
                        doors,
                        "sepiola ceph-deploy " + String.join(" ", words));
        return line(options).execute(words);
    }

    /** The verbs and their options, for a shell's completion. */
    public static CommandLine words() {
        Path nowhere = Path.of("");
        return line(
                new DeployOptions(
                        System.err,
                        nowhere,
                        nowhere,
                        options -> {
                            throw new IllegalStateException("only the words are wanted");
                        },
                        ""));
    }

    private static CommandLine line(DeployOptions options) {
        return new CommandLine(options)
                .addSubcommand(new NewVerb(options))
                .addSubcommand(new InstallVerb(options))
                .addSubcommand(
                        group("mon", "Monitors.")
                                .addSubcommand(new MonVerbs.CreateInitial(options))
                                .addSubcommand(new MonVerbs.Create(options))
                                .addSubcommand(new MonVerbs.Add(options))
                                .addSubcommand(new MonVerbs.Destroy(options)))
                .addSubcommand(
                        each(
                                options,
                                "gatherkeys",
                                "Bring the keys from a monitor into the working directory.",
                                "gather the keys",
                                EachHostVerb::gatherKeys))
                .addSubcommand(
                        group("mgr", "Managers.")
                                .addSubcommand(new ServiceVerbs.MgrCreate(options)))
                .addSubcommand(
                        each(
                                options,
                                "admin",
                                "Give hosts the configuration and the key of client.admin.",
                                "configure",
                                EachHostVerb::admin))
                .addSubcommand(
                        group("osd", "OSDs.")
                                .addSubcommand(new OsdVerbs.Prepare(options))
                                .addSubcommand(new OsdVerbs.Activate(options))
                                .addSubcommand(new OsdVerbs.Create(options))
                                .addSubcommand(new OsdVerbs.Listing(options)))
                .addSubcommand(
                        group("rgw", "S3 gateways.")
                                .addSubcommand(new ServiceVerbs.RgwCreate(options)))
                .addSubcommand(
                        group("config", "The configuration.")
                                .addSubcommand(
                                        each(
                                                options,
                                                "push",
                                                "Give hosts the configuration.",
                                                "push the configuration",
                                                EachHostVerb::push))
                                .addSubcommand(
                                        each(
                                                options,
                                                "pull",
                                                "Take a host's configuration.",
                                                "pull the configuration",
                                                EachHostVerb::pull)))
                .addSubcommand(
                        each(
                                options,
                                "uninstall",
                                "End the daemons of hosts and remove Sepiola; data stay.",
                                "uninstall",
                                EachHostVerb::remove))
                .addSubcommand(
                        each(
                                options,
                                "purge",
                                "The same; purgedata may follow.",
                                "purge",
                                EachHostVerb::remove))
                .addSubcommand(
                        each(
                                options,
                                "purgedata",
                                "Remove the cluster's data and configuration from hosts.",
                                "purge data",
                                EachHostVerb::purgeData))
                .addSubcommand(new ForgetKeysVerb(options));
    }

    private static CommandLine group(String name, String description) {
        CommandSpec spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
        spec.usageMessage().description(description).synopsisSubcommandLabel("COMMAND");
        return new CommandLine(spec);
    }

    private static CommandLine each(
            DeployOptions options,
            String name,
            String description,
            String what,
            BiConsumer<Deployment, Host> work) {
        CommandLine line = new CommandLine(new EachHostVerb(options, what, work));
        line.getCommandSpec().name(name).usageMessage().description(description);
        return line;
    }
}
