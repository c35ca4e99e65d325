package io.sepiola.monitor;

import io.sepiola.base.Await;
import io.sepiola.base.ThreadShard;
import io.sepiola.messenger.AuthException;
import io.sepiola.messenger.ClientAuth;
import io.sepiola.messenger.Msgr2;
import io.sepiola.messenger.Msgr2Options;
import io.sepiola.messenger.NettyTransport;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.auth.EntityAuth;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Runs one monitor for the genuine programs: {@code MonitorProbe DIR PORT}, then ceph -c
 * DIR/ceph.conf.
 */
public final class MonitorProbe {
    private static final ClientAuth NOBODY =
            peer -> {
                throw new AuthException(-95, "a monitor alone dials nobody");
            };

    private MonitorProbe() {}

    /** Serves until it is ended. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        int port = Integer.parseInt(args[1]);
        Files.createDirectories(directory);
        Path fsidFile = directory.resolve("fsid");
        if (!Files.exists(fsidFile)) {
            Files.writeString(fsidFile, UUID.randomUUID().toString());
        }
        UUID fsid = UUID.fromString(Files.readString(fsidFile).strip());
        EntityAddr addr = EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", port), 0);
        SecureRandom random = new SecureRandom();
        ThreadShard shard =
                new ThreadShard(
                        "mon",
                        (s, failure) -> {
                            failure.printStackTrace();
                            System.exit(1);
                        });
        ThreadShard disk = new ThreadShard("mon-disk", (s, failure) -> failure.printStackTrace());
        NettyTransport transport = new NettyTransport(1, (s, failure) -> failure.printStackTrace());
        LocalLog log = new LocalLog(directory.resolve("mon"), disk, shard);
        Monitor monitor =
                new Monitor(
                        MonitorOptions.of("a", fsid, addr),
                        shard,
                        random,
                        log,
                        (self, auth, dispatcher) ->
                                new Msgr2(
                                        self,
                                        Msgr2Options.DEFAULT,
                                        new Msgr2.Parts(
                                                transport.shards().getFirst(),
                                                transport,
                                                NOBODY,
                                                auth,
                                                dispatcher,
                                                random)));
        Optional<Genesis> genesis = Optional.empty();
        if (monitor.isNew()) {
            Genesis made =
                    Genesis.of(fsid, "a", addr, random, Instant.now())
                            .with("mon", "mon_allow_pool_delete", "true");
            for (int osd = 0; osd < 3; osd++) {
                made =
                        made.with(
                                AuthName.parse("osd." + osd),
                                Genesis.entity(
                                        random,
                                        Instant.now(),
                                        Map.of(
                                                "mon",
                                                "allow profile osd",
                                                "mgr",
                                                "allow profile osd",
                                                "osd",
                                                "allow *")));
            }
            made =
                    made.with(
                            AuthName.parse("mgr.x"),
                            Genesis.entity(
                                    random,
                                    Instant.now(),
                                    Map.of(
                                            "mon",
                                            "allow profile mgr",
                                            "osd",
                                            "allow *",
                                            "mds",
                                            "allow *")));
            genesis = Optional.of(made);
            write(directory, fsid, port, made.entities());
        }
        System.out.println("serving at " + Await.on(monitor.start(genesis)));
        Thread.sleep(Long.MAX_VALUE);
    }

    private static void write(Path directory, UUID fsid, int port, Map<AuthName, EntityAuth> keys)
            throws Exception {
        Files.writeString(
                directory.resolve("ceph.conf"),
                "[global]\nfsid = "
                        + fsid
                        + "\nmon host = v2:127.0.0.1:"
                        + port
                        + "\nkeyring = "
                        + directory.resolve("keyring")
                        + "\n");
        StringBuilder keyring = new StringBuilder();
        keys.forEach((name, auth) -> {
            keyring.append('[')
                    .append(name)
                    .append("]\nkey = ")
                    .append(auth.key().toBase64())
                    .append('\n');
            auth.caps()
                    .forEach((service, caps) ->
                            keyring.append("caps " + service + " = \"" + caps + "\"\n"));
        });
        Files.writeString(directory.resolve("keyring"), keyring.toString());
    }
}
