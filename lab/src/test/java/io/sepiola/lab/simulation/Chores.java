package io.sepiola.lab.simulation;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.client.IoContext;
import io.sepiola.client.Rados;
import io.sepiola.store.MemoryStore;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What takes an administrator several steps: OSDs that are made again, as {@code docs/failure.md}
 * tells, or leave for good; pools that come and go. Owned by the simulation.
 */
final class Chores {
    private static final Duration LOOK = Duration.ofMillis(300);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final int POOL_OBJECTS = 20;

    private final Simulation simulation;
    private final SimulatedCluster cluster;
    private final Damages damages;
    private final Simulation.SimulatedShard shard;
    private int open;
    private boolean over;
    private boolean diskLost;

    Chores(Simulation simulation, SimulatedCluster cluster, Damages damages) {
        this.simulation = simulation;
        this.cluster = cluster;
        this.damages = damages;
        this.shard = simulation.shard("chores");
    }

    /** Whether everything that was begun is done. */
    boolean areDone() {
        return open == 0;
    }

    /** Nothing is begun any more that was waited for. */
    void end() {
        over = true;
    }

    /** Whether a disk that is lost, or was, may have had the only other good copy of something. */
    boolean hasLostDisk() {
        return diskLost;
    }

    // ---- lost disks

    /** A disk comes back empty. */
    void empty(SimulatedOsd osd, boolean sameIdentity, boolean patient) {
        whenOrNever(
                () -> osd.isAlive() && mayLose(),
                () -> {
                    diskLost = true;
                    osd.wipe(cluster.fsid(), sameIdentity ? osd.osdFsid() : identity());
                    makeAgain(osd, patient);
                });
    }

    /** A disk is put back to what it is now, once the OSD was started again. */
    void old(SimulatedOsd osd, boolean patient) {
        if (!osd.isAlive() || osd.isForgetful() || osd.startCount() == 0) {
            return;
        }
        MemoryStore copy = osd.snapshot();
        int starts = osd.startCount();
        osd.crash();
        osd.restart();
        whenOrNever(
                () -> osd.startCount() > starts && mayLose(),
                () -> {
                    diskLost = true;
                    osd.putBack(copy);
                    makeAgain(osd, patient);
                });
    }

    private boolean mayLose() {
        return !diskLost && damages.areMended();
    }

    private UUID identity() {
        return new UUID(simulation.random().nextLong(), simulation.random().nextLong());
    }

    private void makeAgain(SimulatedOsd osd, boolean patient) {
        UUID identity = identity();
        String secret = cluster.key(osd.name()).toBase64();
        Runnable start =
                () -> {
                    int starts = osd.startCount();
                    osd.remake(cluster.fsid(), identity);
                    when(
                            () -> osd.startCount() > starts,
                            () -> {
                                if (patient) {
                                    until(() -> cluster.asked(ids("osd in", osd)), this::done);
                                } else {
                                    done();
                                }
                            });
                };
        Runnable create =
                () ->
                        until(
                                () ->
                                        cluster.asked(
                                                "{\"prefix\":\"osd new\",\"uuid\":\""
                                                        + identity
                                                        + "\",\"id\":"
                                                        + osd.id()
                                                        + "}",
                                                Bytes.utf8(
                                                        "{\"cephx_secret\":\"" + secret + "\"}")),
                                start);
        Runnable destroy =
                () ->
                        until(
                                () -> {
                                    if (patient) {
                                        cluster.asked(ids("osd out", osd)); // if it was taken in
                                    }
                                    return cluster.askedManager(id("osd destroy", osd, !patient));
                                },
                                create);
        open++;
        when(osd::isRefused, destroy);
    }

    private static String ids(String prefix, SimulatedOsd osd) {
        return "{\"prefix\":\"" + prefix + "\",\"ids\":[\"" + osd.id() + "\"]}";
    }

    private static String id(String prefix, SimulatedOsd osd, boolean sure) {
        return "{\"prefix\":\""
                + prefix
                + "\",\"id\":\""
                + osd.id()
                + "\""
                + (sure ? ",\"yes_i_really_mean_it\":true" : "")
                + "}";
    }

    // ---- OSDs that leave

    /** An OSD is emptied, then stopped, then forgotten. */
    void leave(SimulatedOsd osd) {
        open++;
        emptied(osd);
    }

    private void emptied(SimulatedOsd osd) {
        cluster.asked(ids("osd out", osd));
        answered(
                cluster.askedManager(ids("osd safe-to-destroy", osd)),
                safe -> {
                    if (safe) {
                        osd.leave();
                        until(() -> cluster.askedManager(id("osd purge", osd, true)), this::done);
                    } else {
                        shard.timers().after(AGAIN, () -> emptied(osd));
                    }
                });
    }

    // ---- pools

    /** A pool comes, and has objects. */
    void poolComes(String name) {
        open++;
        until(
                () ->
                        cluster.asked(
                                "{\"prefix\":\"osd pool create\",\"pool\":\""
                                        + name
                                        + "\",\"pg_num\":3,\"pgp_num\":3,\"size\":3,"
                                        + "\"pool_type\":\"replicated\"}"),
                () -> {
                    done();
                    cluster.administrator(rados -> rados.open(name))
                            .thenAccept(pool -> write(pool, POOL_OBJECTS));
                });
    }

    private void write(IoContext pool, int left) {
        if (left > 0 && !over) {
            cluster.administrator(rados -> pool.writeFull("object" + left, Bytes.zeros(100 * left)))
                    .whenComplete((result, failure) ->
                            shard.timers().after(LOOK, () -> write(pool, left - 1)));
        }
    }

    /** And it goes, with all its objects. */
    void poolGoes(String name) {
        open++;
        until(
                () ->
                        cluster.asked(
                                "{\"prefix\":\"osd pool delete\",\"pool\":\""
                                        + name
                                        + "\",\"pool2\":\""
                                        + name
                                        + "\",\"yes_i_really_really_mean_it\":true}"),
                this::done);
    }

    // ---- waiting

    private void done() {
        open--;
    }

    private void whenOrNever(BooleanSupplier condition, Runnable then) {
        if (!over && condition.getAsBoolean()) {
            then.run();
        } else if (!over) {
            shard.timers().after(LOOK, () -> whenOrNever(condition, then));
        }
    }

    private void when(BooleanSupplier condition, Runnable then) {
        if (condition.getAsBoolean()) {
            then.run();
        } else {
            shard.timers().after(LOOK, () -> when(condition, then));
        }
    }

    private void until(Supplier<CompletableFuture<Rados.CommandReply>> command, Runnable then) {
        answered(
                command.get(),
                good -> {
                    if (good) {
                        then.run();
                    } else {
                        shard.timers().after(AGAIN, () -> until(command, then));
                    }
                });
    }

    /** What a command came to. */
    private interface Answered {
        void on(boolean good);
    }

    private void answered(CompletableFuture<Rados.CommandReply> reply, Answered then) {
        reply.whenComplete(
                (answer, failure) -> shard.execute(() -> then.on(isGood(answer, failure))));
    }

    private boolean isGood(Rados.@Nullable CommandReply answer, @Nullable Throwable failure) {
        boolean good = answer != null && answer.result() >= 0;
        simulation.trace(
                "told: " + (answer == null ? failure : answer.result() + " " + answer.text()));
        return good;
    }
}
