package io.sepiola.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.osd.op.Results;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.ObjectLocator;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.message.MOSDOpReply;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.SnapContext;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Works on a number of objects, one operation after the other on each, and holds every answer
 * against a model: what was acknowledged must be there, in this order, once.
 */
final class GroupClient {
    private static final Duration AGAIN = Duration.ofMillis(300);

    private final GroupWorld world;
    private final Shard shard;
    private final RandomGenerator random;
    private final Map<Long, Pending> pending = new HashMap<>();
    private final List<Script> scripts = new ArrayList<>();
    private long lastTid;
    int answered;

    /** An object's state as the client knows it. */
    static final class Model {
        boolean exists;
        StringBuilder data = new StringBuilder();
        TreeMap<String, String> omap = new TreeMap<>();
        @Nullable String attr;
    }

    private final class Script {
        final String name;
        final Model model = new Model();
        int left;

        Script(String name, int count) {
            this.name = name;
            this.left = count;
        }
    }

    private static final class Pending {
        final Script script;
        final MOSDOp op;
        final Check check;
        @Nullable Shard sentTo; // the process; another one at the same id has not got it
        int sentPrimary;
        int sentEpoch;

        Pending(Script script, MOSDOp op, Check check) {
            this.script = script;
            this.op = op;
            this.check = check;
        }
    }

    private interface Check {
        void answered(MOSDOpReply reply);
    }

    GroupClient(GroupWorld world, int objectCount, int opCount) {
        this.world = world;
        this.shard = world.simulation.shard("client");
        this.random = world.simulation.random();
        for (int i = 0; i < objectCount; i++) {
            scripts.add(new Script("object-" + i, opCount));
        }
    }

    void start() {
        shard.execute(() -> scripts.forEach(this::next));
    }

    boolean isDone() {
        return pending.isEmpty() && scripts.stream().allMatch(script -> script.left == 0);
    }

    Map<String, Model> models() {
        Map<String, Model> models = new TreeMap<>();
        scripts.forEach(script -> models.put(script.name, script.model));
        return models;
    }

    private void next(Script script) {
        if (script.left == 0) {
            return;
        }
        String text = script.name + "#" + script.left + ";";
        Model m = script.model;
        switch (random.nextInt(8)) {
            case 0, 1 ->
                    submit(
                            script,
                            new OsdOp.WriteFull(Bytes.utf8(text)),
                            reply -> {
                                assertThat(reply.result()).isZero();
                                m.exists = true;
                                m.data = new StringBuilder(text);
                            });
            case 2, 3 ->
                    submit(
                            script,
                            new OsdOp.Append(Bytes.utf8(text)),
                            reply -> {
                                assertThat(reply.result()).isZero();
                                m.exists = true;
                                m.data.append(text);
                            });
            case 4 ->
                    submit(
                            script,
                            new OsdOp.Delete(),
                            reply -> {
                                assertThat(reply.result()).isEqualTo(m.exists ? 0 : Results.ENOENT);
                                m.exists = false;
                                m.data = new StringBuilder();
                                m.omap.clear();
                                m.attr = null;
                            });
            case 5 ->
                    submit(
                            script,
                            new OsdOp.OmapSetVals(Map.of("k" + script.left % 5, Bytes.utf8(text))),
                            reply -> {
                                assertThat(reply.result()).isZero();
                                m.exists = true;
                                m.omap.put("k" + (script.left + 1) % 5, text);
                            });
            case 6 ->
                    submit(
                            script,
                            new OsdOp.SetXattr("a", Bytes.utf8(text)),
                            reply -> {
                                assertThat(reply.result()).isZero();
                                m.exists = true;
                                m.attr = text;
                            });
            default ->
                    submit(
                            script,
                            new OsdOp.Read(0, 0),
                            reply -> {
                                assertThat(reply.result()).isEqualTo(m.exists ? 0 : Results.ENOENT);
                                if (m.exists) {
                                    assertThat(reply.ops().getFirst().output().toUtf8())
                                            .isEqualTo(m.data.toString());
                                }
                            });
        }
    }

    private void submit(Script script, OsdOp op, Check check) {
        long tid = ++lastTid;
        script.left--;
        int hash = world.map.rawPg(locator(), script.name).seed();
        PgId pg = world.map.actualPg(new PgId(GroupWorld.POOL, hash));
        MOSDOp message =
                new MOSDOp(
                        tid,
                        SpgId.replicated(pg),
                        hash,
                        world.map.epoch(),
                        0,
                        OsdReqId.NONE,
                        0,
                        new Utime((int) tid, 0),
                        new ObjectLocator(GroupWorld.POOL, "", "", -1),
                        script.name,
                        List.of(op),
                        HObject.HEAD,
                        SnapContext.NONE,
                        0,
                        0);
        pending.put(tid, new Pending(script, message, check));
        send(tid);
    }

    private static io.sepiola.protocol.map.ObjectLocator locator() {
        return new io.sepiola.protocol.map.ObjectLocator(GroupWorld.POOL, "", "", -1);
    }

    private void send(long tid) {
        Pending op = pending.get(tid);
        if (op == null) {
            return;
        }
        OsdMap map = world.map;
        int primary = map.map(op.op.pg().pg()).actingPrimary();
        if (primary >= 0 && world.nodes.get(primary).alive && mustSend(op)) {
            GroupWorld.Node node = world.nodes.get(primary);
            op.sentTo = node.shard;
            op.sentPrimary = primary;
            op.sentEpoch = map.epoch();
            MOSDOp o = op.op;
            MOSDOp now =
                    new MOSDOp(
                            tid,
                            o.pg(),
                            o.hash(),
                            map.epoch(),
                            0,
                            OsdReqId.NONE,
                            0,
                            o.time(),
                            o.locator(),
                            o.object(),
                            o.ops(),
                            o.snap(),
                            o.snapContext(),
                            0,
                            0);
            Back back = new Back();
            node.shard
                    .timers()
                    .after(
                            Duration.ofNanos(random.nextLong(1_000_000)),
                            () -> node.client(back, now));
        }
        shard.timers().after(AGAIN, () -> send(tid));
    }

    /**
     * As librados has it: an operation goes out again when its primary was another one in between,
     * or the connection broke; never because other members changed, and never because time passed.
     */
    private boolean mustSend(Pending op) {
        if (op.sentTo == null || op.sentTo != world.nodes.get(op.sentPrimary).shard) {
            return true;
        }
        return world.maps.tailMap(op.sentEpoch, false).values().stream()
                .anyMatch(map -> map.map(op.op.pg().pg()).actingPrimary() != op.sentPrimary);
    }

    private void received(MOSDOpReply reply) {
        Pending op = pending.remove(reply.tid());
        if (op == null) {
            return; // answered before, by another primary
        }
        op.check.answered(reply);
        answered++;
        next(op.script);
    }

    /** The way back from an OSD. */
    private final class Back extends FakeConnection {
        @Override
        public void send(Message message) {
            shard.timers()
                    .after(
                            Duration.ofNanos(random.nextLong(1_000_000)),
                            () -> received((MOSDOpReply) message));
        }
    }
}
