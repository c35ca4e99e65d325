package io.sepiola.cluster.daemon;

import io.sepiola.cluster.Refusal;
import io.sepiola.manager.ManagerOptions;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.CryptoKey;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** {@code sepiola mgr}: runs a manager, which keeps nothing but its key. */
@Command(name = "mgr", description = "Run one manager.", mixinStandardHelpOptions = true)
public final class MgrVerb implements Callable<Integer> {
    private static final String DASHBOARD_ADDRESS = "mgr/dashboard/server_addr";
    private static final int METRICS_PORT = 9283; // Ceph's
    private static final String DASHBOARD_PORT = "mgr/dashboard/server_port";

    @Mixin private final DaemonOptions options = new DaemonOptions();

    @Option(names = "--mgr-data", paramLabel = "DIR", description = "The manager's directory.")
    private @Nullable String data;

    /** For the command line. */
    public MgrVerb() {}

    @Override
    public Integer call() {
        SortedMap<String, @Nullable String> directory = new TreeMap<>();
        directory.put("mgr_data", data);
        DaemonSettings settings =
                DaemonSettings.of(options, EntityType.MGR, directory, System.getenv());
        return DaemonProcess.run(settings, options.logToStderr, host -> start(settings, host));
    }

    private static void start(DaemonSettings settings, DaemonHost host) {
        CryptoKey key = settings.key();
        Introduction.of(settings, key, host).close();
        ManagerOptions manager =
                ManagerOptions.of(
                                settings.name().id(),
                                settings.monitors(),
                                settings.publicAddress(),
                                dashboard(settings),
                                OsdHome.hostname())
                        .withMetrics( // which anybody may read who reaches them
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(), METRICS_PORT))
                        .withModuleOptions(settings.conf().settings())
                        .describedBy(HostFacts.all());
        host.manager(manager, host.loop(0), key)
                .whenComplete((active, failure) -> {
                    if (failure != null) {
                        host.fail(failure);
                    }
                });
    }

    /** The page is served where a port is set; by whom it may be seen is the operator's to say. */
    private static Optional<InetSocketAddress> dashboard(DaemonSettings settings) {
        long port = settings.conf().number(DASHBOARD_PORT, 0);
        if (port < 0 || port > 65_535) {
            throw new Refusal(DASHBOARD_PORT + " = " + port + " is not a port");
        }
        String address = settings.conf().get(DASHBOARD_ADDRESS, "127.0.0.1");
        return port == 0
                ? Optional.empty()
                : Optional.of(
                        new InetSocketAddress(
                                DaemonSettings.address(DASHBOARD_ADDRESS, address)
                                        .socket()
                                        .getAddress(),
                                (int) port));
    }
}
