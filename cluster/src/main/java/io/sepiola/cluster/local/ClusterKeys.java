package io.sepiola.cluster.local;

import io.sepiola.client.Keyring;
import io.sepiola.monitor.Genesis;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.EntityAuth;

import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The keys of a local cluster's daemons and of its administrator: made once, kept in the files
 * {@code keyring} (the administrator's) and {@code daemons.keyring} (all others').
 */
record ClusterKeys(SortedMap<AuthName, EntityAuth> entities) {
    private static final String DAEMONS = "daemons.keyring";
    static final AuthName ADMIN = AuthName.parse("client.admin");
    static final AuthName MANAGER = AuthName.parse("mgr.x");
    static final AuthName GATEWAY = AuthName.parse("client.rgw.a");

    static AuthName osd(int id) {
        return AuthName.parse("osd." + id);
    }

    static ClusterKeys make(int osdCount, RandomGenerator random, Instant now) {
        SortedMap<AuthName, EntityAuth> all = new TreeMap<>(Genesis.keys(random, now));
        for (int id = 0; id < osdCount; id++) {
            all.put(
                    osd(id),
                    Genesis.entity(
                            random,
                            now,
                            Map.of(
                                    "mon", "allow profile osd",
                                    "mgr", "allow profile osd",
                                    "osd", "allow *")));
        }
        all.put(
                MANAGER,
                Genesis.entity(
                        random,
                        now,
                        Map.of("mon", "allow profile mgr", "osd", "allow *", "mds", "allow *")));
        all.put(
                GATEWAY,
                Genesis.entity(
                        random,
                        now,
                        Map.of("mon", "allow rw", "osd", "allow rwx", "mgr", "allow r")));
        return new ClusterKeys(all);
    }

    void write(ClusterDirectory directory) {
        Keyring admin = Keyring.of(Map.of());
        Keyring daemons = Keyring.of(Map.of());
        for (Map.Entry<AuthName, EntityAuth> each : entities.entrySet()) {
            Keyring.Entry entry =
                    new Keyring.Entry(each.getValue().key().toBase64(), each.getValue().caps());
            if (each.getKey().equals(ADMIN)) {
                admin = admin.with(ADMIN, entry);
            } else {
                daemons = daemons.with(each.getKey(), entry);
            }
        }
        String adminText = admin.toText();
        String daemonsText = daemons.toText();
        directory.write("keyring", out -> out.write(adminText));
        directory.write(DAEMONS, out -> out.write(daemonsText));
    }

    static ClusterKeys read(ClusterDirectory directory) {
        SortedMap<AuthName, EntityAuth> all = new TreeMap<>();
        for (String file : new String[] {"keyring", DAEMONS}) {
            Keyring.load(directory.file(file))
                    .entries()
                    .forEach((name, entry) ->
                            all.put(
                                    name,
                                    new EntityAuth(CryptoKey.parse(entry.key()), entry.caps())));
        }
        return new ClusterKeys(all);
    }

    CryptoKey key(AuthName name) {
        EntityAuth auth = entities.get(name);
        if (auth == null) {
            throw new io.sepiola.cluster.Refusal(
                    "no key for "
                            + name
                            + " in this cluster's keyrings; restore the files or purge it");
        }
        return auth.key();
    }
}
