package io.sepiola.cluster.daemon;

import io.sepiola.client.Rados;
import io.sepiola.gateway.GatewayOptions;
import io.sepiola.protocol.EntityType;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** {@code sepiola gateway}: serves S3 as a client of the cluster, such as {@code client.rgw.a}. */
@Command(name = "gateway", description = "Run one S3 gateway.", mixinStandardHelpOptions = true)
public final class GatewayVerb implements Callable<Integer> {
    @Mixin private final DaemonOptions options = new DaemonOptions();

    @Option(
            names = "--rgw-frontends",
            paramLabel = "TEXT",
            description = "Where to listen, such as 'beast endpoint=127.0.0.1:8000'.")
    private @Nullable String frontends;

    @Option(names = "--rgw-data", paramLabel = "DIR", description = "The gateway's directory.")
    private @Nullable String data;

    /** For the command line. */
    public GatewayVerb() {}

    @Override
    public Integer call() {
        SortedMap<String, @Nullable String> given = new TreeMap<>();
        given.put("rgw_data", data);
        given.put("rgw_frontends", frontends);
        DaemonSettings settings =
                DaemonSettings.of(options, EntityType.CLIENT, given, System.getenv());
        return DaemonProcess.run(settings, options.logToStderr, host -> start(settings, host));
    }

    private static void start(DaemonSettings settings, DaemonHost host) {
        InetSocketAddress address = RgwFrontend.address(settings.conf().get("rgw_frontends"));
        Rados rados = Introduction.of(settings, settings.key(), host);
        host.gateway(
                settings.name().toString(),
                settings.conf().settings(),
                GatewayOptions.at(address).withHostNames(names(settings)),
                rados);
    }

    private static List<String> names(DaemonSettings settings) {
        String text = settings.conf().get("rgw_dns_name", "").strip();
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split("[,\\s]+"))
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList();
    }
}
