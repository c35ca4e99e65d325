package io.sepiola.cluster.daemon;

import io.sepiola.base.Clock;
import io.sepiola.base.Malformed;
import io.sepiola.client.Keyring;
import io.sepiola.cluster.Refusal;
import io.sepiola.monitor.Genesis;
import io.sepiola.monitor.LocalLogCopy;
import io.sepiola.monitor.MemberHome;
import io.sepiola.monitor.MonitorBackup;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.map.MonMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The directory of a monitor that stands alone. When others come it becomes a {@link MemberStore},
 * from {@link #handOver} on.
 */
final class LoneStore implements MemberHome {
    private static final Logger LOG = LoggerFactory.getLogger(LoneStore.class);
    private static final AuthName SHARED = AuthName.parse("mon.");

    private final String name;
    private final Path directory;
    private final MonMap map;
    private final EntityAuth shared;
    private final Consumer<Throwable> left;
    private volatile @Nullable MemberStore memberOrNull;
    private volatile @Nullable MemberHome homeOrNull; // once it is one of several

    private LoneStore(
            String name, Path directory, MonMap map, EntityAuth shared, Consumer<Throwable> left) {
        this.name = name;
        this.directory = directory;
        this.map = map;
        this.shared = shared;
        this.left = left;
    }

    /**
     * Looks at one that is not open yet.
     *
     * @param left as for {@link MemberStore#home}
     * @throws Refusal when there is no log that can be read
     */
    static LoneStore look(
            String name, Path directory, RandomGenerator random, Consumer<Throwable> left) {
        MonitorBackup state = read(name, directory);
        EntityAuth shared =
                state.entity(SHARED)
                        .orElseGet(() -> {
                            LOG.warn(
                                    "the cluster has no key of 'mon.', which monitors share; none"
                                            + " can join mon.{}",
                                    name);
                            return Genesis.entity(
                                    random, Clock.system().now(), Map.of("mon", "allow *"));
                        });
        return new LoneStore(name, directory, state.monitors(), shared, left);
    }

    private static MonitorBackup read(String name, Path directory) {
        try {
            return MonitorBackup.of(
                    LocalLogCopy.read(directory), name, Utime.of(Clock.system().now()));
        } catch (IOException | Malformed bad) {
            throw new Refusal(
                    "the monitor's log in "
                            + directory
                            + " cannot be read ("
                            + bad.getMessage()
                            + "); check the directory's owner and mode; where the log is damaged,"
                            + " make the monitor again from a backup ('sepiola mon restore')");
        }
    }

    /** The key that monitors share. */
    CryptoKey secret() {
        return shared.key();
    }

    /**
     * What the log holds, which nobody writes any more, becomes what a quorum of this monitor
     * begins with. Where this ends in the middle, the log is still what counts. May block.
     */
    MemberStore handOver() {
        MonMap alone = map;
        for (String other : map.ranks()) {
            if (!other.equals(name)) {
                alone = alone.without(other, map.changed());
            }
        }
        Keyring keyring =
                Keyring.of(
                        new TreeMap<>(
                                Map.of(
                                        SHARED,
                                        new Keyring.Entry(
                                                shared.key().toBase64(), shared.caps()))));
        MemberStore.takeOver(directory, alone, keyring, read(name, directory));
        MemberStore made = MemberStore.open(directory);
        homeOrNull = made.home(left);
        memberOrNull = made;
        return made;
    }

    /** What an empty log begins with: that of a quorum, since ours is not empty. */
    Optional<Genesis> genesis() {
        return Optional.ofNullable(memberOrNull).flatMap(MemberStore::goesOn);
    }

    @Override
    public MonMap map() {
        return map;
    }

    @Override
    public boolean hasJoined() {
        return true;
    }

    @Override
    public void keep(MonMap agreed) {
        MemberHome home = homeOrNull;
        if (home != null) {
            home.keep(agreed);
        }
    }

    @Override
    public void removed(MonMap agreed) {
        MemberHome home = homeOrNull;
        if (home != null) {
            home.removed(agreed);
        }
    }
}
