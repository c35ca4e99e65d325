package io.sepiola.monitor.caps;

import io.sepiola.base.Malformed;

import java.util.List;
import java.util.Map;

/** The named bundles of caps, as Ceph's documentation of user management describes them. */
enum Profile {
    MON("mon", new Grant.Access("", Grant.RWX)),
    OSD(
            "osd",
            access("", Grant.R),
            access("osd", Grant.RWX),
            access("pg", Grant.RWX),
            access("log", Grant.W),
            access("config-key", Grant.R)),
    MDS(
            "mds",
            access("", Grant.R),
            access("mds", Grant.RWX),
            access("log", Grant.W),
            command("osd blocklist"),
            command("osd blacklist")),
    MGR(
            "mgr",
            access("", Grant.R),
            access("log", Grant.RWX),
            access("mgr", Grant.RWX),
            access("mon", Grant.R | Grant.W),
            access("mds", Grant.RWX),
            access("fs", Grant.RWX),
            access("osd", Grant.RWX),
            access("pg", Grant.RWX),
            access("auth", Grant.RWX),
            access("config", Grant.RWX),
            access("config-key", Grant.RWX)),
    RBD(
            "rbd",
            access("", Grant.R),
            command("osd blocklist", "blocklistop", "add"),
            command("osd blacklist", "blacklistop", "add")),
    RBD_READ_ONLY("rbd-read-only", access("", Grant.R)),
    RBD_MIRROR(
            "rbd-mirror",
            access("", Grant.R),
            command("osd blocklist", "blocklistop", "add"),
            command("osd blacklist", "blacklistop", "add")),
    FS_CLIENT("fs-client", access("", Grant.R)),
    SIMPLE_RADOS_CLIENT("simple-rados-client", access("", Grant.R)),
    READ_ONLY("read-only", access("", Grant.R)),
    READ_WRITE("read-write", access("", Grant.R | Grant.W)),
    ROLE_DEFINER("role-definer", access("", Grant.R), access("auth", Grant.RWX)),
    BOOTSTRAP_OSD(
            "bootstrap-osd",
            access("mon", Grant.R),
            command("mon getmap"),
            command("osd new"),
            command("osd create"),
            command("osd purge-new"),
            command("auth get", "entity", "client.bootstrap-osd")),
    BOOTSTRAP_MDS("bootstrap-mds", bootstrap("mds.", "allow profile mds")),
    BOOTSTRAP_MGR("bootstrap-mgr", bootstrap("mgr.", "allow profile mgr")),
    BOOTSTRAP_RGW("bootstrap-rgw", bootstrap("client.rgw.", "allow rw")),
    BOOTSTRAP_RBD("bootstrap-rbd", bootstrap("client.", "profile rbd")),
    BOOTSTRAP_RBD_MIRROR("bootstrap-rbd-mirror", bootstrap("client.", "profile rbd-mirror"));

    private final String label;
    private final List<Grant> grants;

    Profile(String label, Grant... grants) {
        this.label = label;
        this.grants = List.of(grants);
    }

    List<Grant> grants() {
        return grants;
    }

    static Profile of(String label) {
        for (Profile profile : values()) {
            if (profile.label.equals(label)) {
                return profile;
            }
        }
        throw new Malformed("mon caps: there is no profile '" + label + "'");
    }

    private static Grant access(String service, int access) {
        return new Grant.Access(service, access);
    }

    private static Grant command(String prefix, String... condition) {
        return new Grant.Command(
                prefix,
                condition.length == 0
                        ? Map.of()
                        : Map.of(condition[0], new Grant.Condition(condition[1], false)));
    }

    /** May make keys of one kind of daemon, with that daemon's own caps and no more. */
    private static Grant[] bootstrap(String entities, String monCaps) {
        Map<String, Grant.Condition> conditions =
                Map.of(
                        "entity", new Grant.Condition(entities, true),
                        "caps_mon", new Grant.Condition(monCaps, false));
        return new Grant[] {
            access("mon", Grant.R),
            command("mon getmap"),
            new Grant.Command("auth get-or-create", conditions)
        };
    }
}
