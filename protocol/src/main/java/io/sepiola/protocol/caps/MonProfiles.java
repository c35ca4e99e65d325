package io.sepiola.protocol.caps;

import static io.sepiola.protocol.caps.Clause.R;
import static io.sepiola.protocol.caps.Clause.RWX;
import static io.sepiola.protocol.caps.Clause.W;
import static io.sepiola.protocol.caps.Clause.X;
import static io.sepiola.protocol.caps.Clause.command;
import static io.sepiola.protocol.caps.Clause.everything;
import static io.sepiola.protocol.caps.Clause.service;

import io.sepiola.protocol.AuthName;

import java.util.ArrayList;
import java.util.List;

/** The profiles that monitors know, and what each stands for. Others give nothing, as in Ceph. */
final class MonProfiles {
    private static final List<String> DAEMONS = List.of("mon", "osd", "mds", "mgr");
    private static final List<Clause> MAPS =
            List.of(service("mon", R), service("osd", R), service("pg", R));
    private static final String ADDRESS_WITH_NONCE = "^[^/]+/[0-9]+$";
    private static final String RBD_CAPS =
            "^([ ,]*profile(=|[ ]+)['\"]?rbd[^ ,'\"]*['\"]?"
                    + "([ ]+pool(=|[ ]+)['\"]?[^,'\"]+['\"]?)?)+$";

    private MonProfiles() {}

    static List<Clause> clauses(String profile, AuthName who) {
        List<Clause> clauses = new ArrayList<>(own(profile));
        if (DAEMONS.contains(profile)) {
            Condition own = Condition.prefix("daemon-private/" + who + "/");
            for (String verb : List.of("get", "put", "set", "exists", "delete")) {
                clauses.add(command("config-key " + verb).with("key", own));
            }
        }
        return clauses;
    }

    private static List<Clause> own(String profile) {
        return switch (profile) {
            case "read-only" -> List.of(everything(R));
            case "read-write" -> List.of(everything(R | W));
            case "mon" -> List.of(service("mon", RWX), service("log", RWX));
            case "osd" ->
                    List.of(
                            service("osd", RWX),
                            service("mon", R),
                            service("pg", R | W),
                            service("log", W));
            case "mds" ->
                    List.of(
                            service("mds", RWX),
                            service("mon", R),
                            service("osd", R),
                            command("osd pool rmsnap"),
                            command("osd blocklist"),
                            command("osd blacklist"),
                            service("log", W));
            case "mgr" -> manager();
            case "fs-client" -> with(MAPS, service("mds", R));
            case "simple-rados-client" -> MAPS;
            case "simple-rados-client-with-blocklist", "rbd", "rbd-read-only" ->
                    with(MAPS, blocklisting());
            case "rbd-mirror" ->
                    with(
                            with(MAPS, blocklisting()),
                            command("config-key get").with("key", Condition.prefix("rbd/mirror/")));
            case "crash" -> List.of(service("mon", R));
            case "role-definer" -> List.of(service("mon", R), service("auth", RWX));
            default -> bootstrap(profile);
        };
    }

    private static List<Clause> manager() {
        return List.of(
                service("mgr", RWX),
                service("log", R | W),
                service("mon", R | W),
                service("mds", R | W),
                service("fs", R | W),
                service("osd", R | W),
                service("auth", R | W | X),
                service("config-key", R | W),
                service("config", R | W),
                command("auth get-or-create"),
                command("auth caps"),
                command("auth rm"));
    }

    /** Those who may make keys of one kind, with the caps of that kind and no more. */
    private static List<Clause> bootstrap(String profile) {
        return switch (profile) {
            case "bootstrap-osd" ->
                    List.of(
                            service("mon", R),
                            service("osd", R),
                            command("mon getmap"),
                            command("osd new"),
                            command("osd purge-new"));
            case "bootstrap-mds" ->
                    List.of(
                            service("mon", R),
                            service("osd", R),
                            command("mon getmap"),
                            making("mds.", "allow profile mds")
                                    .with("caps_osd", Condition.equal("allow rwx"))
                                    .with("caps_mds", Condition.equal("allow")));
            case "bootstrap-mgr" ->
                    List.of(
                            service("mon", R),
                            service("osd", R),
                            command("mon getmap"),
                            making("mgr.", "allow profile mgr"));
            case "bootstrap-rgw" ->
                    List.of(
                            service("mon", R),
                            service("osd", R),
                            command("mon getmap"),
                            making("client.rgw.", "allow rw")
                                    .with("caps_osd", Condition.equal("allow rwx")));
            case "bootstrap-rbd" ->
                    List.of(
                            service("mon", R),
                            making("client.", "profile rbd")
                                    .with("caps_osd", Condition.regex(RBD_CAPS)));
            case "bootstrap-rbd-mirror" ->
                    List.of(
                            service("mon", R),
                            making("client.", "profile rbd-mirror")
                                    .with("caps_osd", Condition.regex(RBD_CAPS)));
            default -> List.of();
        };
    }

    private static Clause making(String entities, String monCaps) {
        return command("auth get-or-create")
                .with("entity", Condition.prefix(entities))
                .with("caps_mon", Condition.equal(monCaps));
    }

    /** A dead lock holder's address may be shut out, one address with its nonce at a time. */
    private static Clause[] blocklisting() {
        return new Clause[] {
            command("osd blocklist")
                    .with("blocklistop", Condition.equal("add"))
                    .with("addr", Condition.regex(ADDRESS_WITH_NONCE)),
            command("osd blacklist")
                    .with("blacklistop", Condition.equal("add"))
                    .with("addr", Condition.regex(ADDRESS_WITH_NONCE))
        };
    }

    private static List<Clause> with(List<Clause> some, Clause... more) {
        List<Clause> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }
}
