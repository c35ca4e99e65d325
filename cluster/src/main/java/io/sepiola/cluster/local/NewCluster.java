package io.sepiola.cluster.local;

import io.sepiola.cluster.Refusal;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** What {@code cluster start} was asked for; null where the user left the choice to us. */
record NewCluster(
        @Nullable Integer osds,
        @Nullable Integer replicas,
        @Nullable Path dataDir,
        @Nullable Integer ports,
        String address,
        boolean memory) {
    /** The cluster of that name, made now if there is none. */
    ClusterDirectory openOrCreate(String name, ClusterRegistry registry) {
        Optional<ClusterDirectory> known = registry.find(name);
        if (known.isPresent() && known.get().isCluster()) {
            checkSame(name, known.get());
            return known.get();
        }
        ClusterDirectory directory =
                new ClusterDirectory(dataDir != null ? dataDir : registry.directoryDefault(name));
        if (directory.isCluster()) {
            String other = directory.spec().name();
            if (!other.equals(name)) {
                throw new Refusal(
                        directory.path()
                                + " belongs to cluster '"
                                + other
                                + "'; start that name instead");
            }
        } else {
            make(directory, spec(name, ports == null ? 0 : bounded("--ports", ports, 1024, 65000)));
        }
        registry.add(name, directory);
        return directory;
    }

    /** Makes one with ports from {@code base} on. */
    void make(String name, ClusterDirectory directory, int base) {
        make(directory, spec(name, base));
    }

    private static void make(ClusterDirectory directory, ClusterSpec spec) {
        directory.create(spec);
        S3Credentials.random().write(directory);
        CephConfiguration.write(directory, spec);
    }

    private void checkSame(String name, ClusterDirectory directory) {
        ClusterSpec spec = directory.spec();
        if (dataDir != null && !dataDir.toAbsolutePath().normalize().equals(directory.path())) {
            throw differs(name, "lives in " + directory.path());
        }
        if (osds != null && osds != spec.osdCount()) {
            throw differs(name, "has " + spec.osdCount() + " OSDs");
        }
        if (replicas != null && replicas != spec.replicas()) {
            throw differs(name, "keeps " + spec.replicas() + " replicas");
        }
        if (ports != null && ports != spec.monitorPort()) {
            throw differs(name, "has its monitor on port " + spec.monitorPort());
        }
        if (memory && !spec.memory()) {
            throw differs(name, "keeps its data on disk");
        }
    }

    private static Refusal differs(String name, String how) {
        return new Refusal(
                "cluster '"
                        + name
                        + "' is there already and "
                        + how
                        + "; leave the option out, choose another NAME, or purge it first");
    }

    private ClusterSpec spec(String name, int base) {
        int osdCount = bounded("--osds", osds == null ? 3 : osds, 1, 32);
        int copies =
                bounded(
                        "--replicas",
                        replicas == null ? Math.min(3, osdCount) : replicas,
                        1,
                        osdCount);
        Ports.checkAddress(address);
        ClusterSpec spec =
                new ClusterSpec(
                        name,
                        UUID.randomUUID(),
                        osdCount,
                        copies,
                        address,
                        base == 0 ? ClusterSpec.MONITOR_PORT_DEFAULT : base,
                        base == 0 ? ClusterSpec.S3_PORT_DEFAULT : base + 1,
                        base == 0 ? ClusterSpec.DASHBOARD_PORT_DEFAULT : base + 2,
                        base == 0 ? ClusterSpec.METRICS_PORT_DEFAULT : base + 3,
                        memory);
        Ports.checkFree(spec);
        if (dataDir != null && Files.isRegularFile(dataDir)) {
            throw new Refusal(dataDir + " is a file; --data-dir wants a directory");
        }
        return spec;
    }

    private static int bounded(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new Refusal(
                    option + " " + value + " is out of range; wanted " + min + " to " + max);
        }
        return value;
    }
}
