package io.sepiola.cluster.deploy;

import java.util.ArrayList;
import java.util.List;

/**
 * A daemon of a host.
 *
 * @param kind what it does
 * @param id its name among those
 */
record Daemon(Kind kind, String id) {
    /** What daemons there are. */
    enum Kind {
        MON("mon", "mon", "mon.", "--mon-data"),
        MGR("mgr", "mgr", "mgr.", "--mgr-data"),
        OSD("osd", "osd", "osd.", "--osd-data"),
        GATEWAY("gateway", "radosgw", "client.", "--rgw-data");

        private final String verb;
        private final String folder;
        private final String prefix;
        private final String dataOption;

        Kind(String verb, String folder, String prefix, String dataOption) {
            this.verb = verb;
            this.folder = folder;
            this.prefix = prefix;
            this.dataOption = dataOption;
        }
    }

    static Daemon mon(String id) {
        return new Daemon(Kind.MON, id);
    }

    static Daemon mgr(String id) {
        return new Daemon(Kind.MGR, id);
    }

    static Daemon osd(int id) {
        return new Daemon(Kind.OSD, Integer.toString(id));
    }

    static Daemon gateway(String id) {
        return new Daemon(Kind.GATEWAY, id);
    }

    /** By which the cluster knows it: {@code osd.0}, {@code client.rgw.a}. */
    String name() {
        return kind.prefix + id;
    }

    /** The folder of all of its kind. */
    static String folder(Kind kind, HostLayout layout) {
        return layout.lib() + "/" + kind.folder;
    }

    String data(HostLayout layout) {
        return folder(kind, layout) + "/ceph-" + id;
    }

    String keyring(HostLayout layout) {
        return data(layout) + "/keyring";
    }

    String pidFile(HostLayout layout) {
        return layout.run() + "/ceph-" + name() + ".pid";
    }

    /** What it says before it has a log. */
    String outFile(HostLayout layout) {
        return layout.log() + "/ceph-" + name() + ".out";
    }

    /** The systemd unit. */
    String unit() {
        return "sepiola-" + kind.verb + "@" + id + ".service";
    }

    /** The words by which its process can be told from others'. */
    List<String> identity(HostLayout layout) {
        return List.of(kind.verb, "-n", name(), "-c", layout.conf());
    }

    /** The program's words that make its store. */
    List<String> making(HostLayout layout, String data) {
        List<String> words = new ArrayList<>(identity(layout));
        words.addAll(List.of(kind.dataOption, data, "--mkfs"));
        return words;
    }

    /** The program's words that run it. */
    List<String> running(HostLayout layout) {
        List<String> words = new ArrayList<>(identity(layout));
        words.addAll(
                List.of(
                        kind.dataOption,
                        data(layout),
                        "--pid-file",
                        pidFile(layout),
                        "--log-file",
                        layout.log() + "/ceph-" + name() + ".log"));
        return words;
    }
}
