package io.sepiola.cluster.deploy;

import io.sepiola.cluster.deploy.Deployment.Target;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.concurrent.Callable;

/** {@code osd}: the OSDs' verbs. */
final class OsdVerbs {
    private OsdVerbs() {}

    @Command(
            name = "prepare",
            description = "Make folders ready to become OSDs.",
            mixinStandardHelpOptions = true)
    static final class Prepare implements Callable<Integer> {
        private final DeployOptions options;

        @Parameters(arity = "1..*", paramLabel = "HOST:PATH")
        private List<String> folders = List.of();

        Prepare(DeployOptions options) {
            this.options = options;
        }

        @Override
        public Integer call() {
            return options.run(deployment ->
                    deployment.eachTarget(
                            "prepare OSDs",
                            folders,
                            (host, target) ->
                                    new OsdFolders(deployment).prepare(host, path(host, target))));
        }
    }

    @Command(
            name = "activate",
            description = "Make prepared folders OSDs, and start them.",
            mixinStandardHelpOptions = true)
    static final class Activate implements Callable<Integer> {
        private final DeployOptions options;

        @Parameters(arity = "1..*", paramLabel = "HOST:PATH")
        private List<String> folders = List.of();

        Activate(DeployOptions options) {
            this.options = options;
        }

        @Override
        public Integer call() {
            return options.run(deployment ->
                    deployment.eachTarget(
                            "activate OSDs",
                            folders,
                            (host, target) ->
                                    new OsdFolders(deployment).activate(host, path(host, target))));
        }
    }

    @Command(
            name = "create",
            description = "Make and start an OSD: prepare and activate in one.",
            mixinStandardHelpOptions = true)
    static final class Create implements Callable<Integer> {
        private final DeployOptions options;

        @Parameters(arity = "1..*", paramLabel = "HOST[:PATH]")
        private List<String> hosts = List.of();

        @Option(names = "--data", paramLabel = "PATH", description = "The OSD's folder.")
        private @Nullable String data;

        @Option(names = "--bluestore", description = "The only kind of store that there is.")
        private boolean bluestore;

        Create(DeployOptions options) {
            this.options = options;
        }

        @Override
        public Integer call() {
            return options.run(deployment ->
                    deployment.eachTarget(
                            "create OSDs",
                            hosts,
                            (host, target) -> {
                                String path = data == null ? path(host, target) : data;
                                OsdFolders osds = new OsdFolders(deployment);
                                osds.prepare(host, path);
                                osds.activate(host, path);
                            }));
        }
    }

    @Command(
            name = "list",
            description = "Tell what OSDs hosts have.",
            mixinStandardHelpOptions = true)
    static final class Listing implements Callable<Integer> {
        private final DeployOptions options;

        @Parameters(arity = "1..*", paramLabel = "HOST")
        private List<String> hosts = List.of();

        Listing(DeployOptions options) {
            this.options = options;
        }

        @Override
        public Integer call() {
            return options.run(deployment ->
                    deployment.each("list OSDs", hosts, new OsdFolders(deployment)::list));
        }
    }

    /** Behind the folder, a journal may follow, as long ago; there is none to put anywhere. */
    private static String path(Host host, Target target) {
        int colon = target.rest().indexOf(':');
        if (colon >= 0) {
            host.log().warn("there are no journals; the part behind the folder is not looked at");
        }
        String path = colon < 0 ? target.rest() : target.rest().substring(0, colon);
        if (path.isEmpty()) {
            throw new DeployFailure(
                    "the OSD's folder is missing; wanted such as " + host.name() + ":/srv/osd0");
        }
        return path;
    }
}
