package io.sepiola.cluster.daemon;

import io.sepiola.cluster.Release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What daemons say of their host and release, by Ceph's names of it ({@code ceph osd metadata}).
 * What a host does not tell is left out. Any thread may ask.
 */
public final class HostFacts {
    private static final long FILE_SIZE_MAX = 1 << 20;

    private HostFacts() {}

    /** All that is known. */
    public static SortedMap<String, String> all() {
        SortedMap<String, String> facts = new TreeMap<>();
        String arch = System.getProperty("os.arch", "");
        facts.put("arch", arch.equals("amd64") ? "x86_64" : arch);
        facts.put("ceph_release", "pacific");
        facts.put("ceph_version", Release.cephVersion());
        facts.put("ceph_version_short", Release.CEPH);
        facts.put("hostname", OsdHome.hostname());
        facts.put("os", System.getProperty("os.name", ""));
        facts.put("kernel_version", System.getProperty("os.version", ""));
        put(facts, "cpu", value("/proc/cpuinfo", "model name", ":"));
        put(facts, "distro", value("/etc/os-release", "ID", "="));
        put(facts, "distro_description", value("/etc/os-release", "PRETTY_NAME", "="));
        put(facts, "distro_version", value("/etc/os-release", "VERSION_ID", "="));
        put(facts, "kernel_description", String.join("", lines("/proc/sys/kernel/version")));
        put(facts, "mem_total_kb", value("/proc/meminfo", "MemTotal", ":").replace(" kB", ""));
        put(facts, "mem_swap_kb", value("/proc/meminfo", "SwapTotal", ":").replace(" kB", ""));
        return facts;
    }

    private static void put(SortedMap<String, String> facts, String name, String value) {
        if (!value.isEmpty()) {
            facts.put(name, value);
        }
    }

    /**
     * The first value of a key in a file of {@code key = value} lines; empty when there is none.
     */
    private static String value(String file, String key, String separator) {
        for (String line : lines(file)) {
            int at = line.indexOf(separator);
            if (at > 0 && line.substring(0, at).strip().equals(key)) {
                return line.substring(at + 1).strip().replaceAll("^\"|\"$", "");
            }
        }
        return "";
    }

    private static List<String> lines(String file) {
        try {
            Path path = Path.of(file);
            return Files.isReadable(path) && Files.size(path) <= FILE_SIZE_MAX
                    ? Files.readAllLines(path)
                    : List.of();
        } catch (IOException elsewhere) {
            return List.of();
        }
    }
}
