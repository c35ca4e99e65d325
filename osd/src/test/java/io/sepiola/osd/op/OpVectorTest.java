package io.sepiola.osd.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Encoder;
import io.sepiola.base.Simulation;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.MemoryStore;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Operations on one object, against a plain model of it and against Ceph's answers. */
class OpVectorTest {
    private static final CollectionId COLLECTION =
            new CollectionId.Pg(SpgId.replicated(new PgId(1, 0)));
    private static final HObject OBJECT = new HObject("", "o", "", HObject.HEAD, 0, 1, false);

    private final MemoryStore store = new MemoryStore(MemoryStore.Options.DEFAULT);
    private final Simulation simulation = new Simulation(1);
    private @Nullable ObjectInfo info;
    private long version;

    OpVectorTest() {
        apply(List.of(new Transaction.MakeCollection(COLLECTION, 0)));
    }

    private void apply(List<Transaction.Op> ops) {
        store.submit(new Transaction(ops), simulation.shard("s"), () -> {});
    }

    private OpOutcome run(OsdOp... ops) {
        OpOutcome outcome =
                OpVector.execute(
                        OpLimits.DEFAULT,
                        new StoredObject(store, COLLECTION, GhObject.of(OBJECT)),
                        info,
                        Arrays.asList(ops));
        if (outcome.writes()) {
            apply(outcome.draft().changes());
            version++;
            info = outcome.draft().exists() ? info(outcome.draft()) : null;
        }
        return outcome;
    }

    private ObjectInfo info(ObjectDraft draft) {
        return new ObjectInfo(
                OBJECT,
                new EVersion(1, version),
                EVersion.ZERO,
                OsdReqId.NONE,
                draft.size(),
                Utime.ZERO,
                draft.truncateSeq(),
                draft.truncateSize(),
                version,
                Map.of(),
                draft.hasOmap() ? ObjectInfo.OMAP : 0,
                Utime.ZERO,
                -1,
                -1,
                0,
                0,
                0,
                Bytes.EMPTY);
    }

    private int result(OsdOp... ops) {
        return run(ops).result();
    }

    private static Bytes text(String text) {
        return Bytes.utf8(text);
    }

    @Test
    void absentObjects() {
        assertThat(result(new OsdOp.Stat())).isEqualTo(Results.ENOENT);
        assertThat(result(new OsdOp.Delete())).isEqualTo(Results.ENOENT);
        assertThat(result(new OsdOp.RemoveXattr("a"))).isEqualTo(Results.ENOENT);
        assertThat(result(new OsdOp.OmapRemoveKeys(List.of("a")))).isEqualTo(Results.ENOENT);
        assertThat(result(new OsdOp.OmapClear())).isEqualTo(Results.ENOENT);
        assertThat(result(new OsdOp.Truncate(5))).isZero();
        assertThat(result(new OsdOp.Zero(0, 5))).isZero();
        assertThat(info).isNull();
        assertThat(result(new OsdOp.AssertVersion(1))).isEqualTo(Results.EOVERFLOW);
    }

    @Test
    void creationIsExclusiveWhenAsked() {
        assertThat(result(new OsdOp.Create(OsdOp.EXCLUSIVE))).isZero();
        assertThat(result(new OsdOp.Create(OsdOp.EXCLUSIVE))).isEqualTo(Results.EEXIST);
        assertThat(result(new OsdOp.Create())).isZero();
    }

    @Test
    void aFailedVectorChangesNothing() {
        run(new OsdOp.WriteFull(text("before")));
        assertThat(result(new OsdOp.WriteFull(text("after")), new OsdOp.Create(OsdOp.EXCLUSIVE)))
                .isEqualTo(Results.EEXIST);
        assertThat(run(new OsdOp.Read(0, 0)).outputs()[0]).isEqualTo(text("before"));
        // ... unless that operation may fail.
        assertThat(
                        result(
                                new OsdOp.Create(OsdOp.EXCLUSIVE | OsdOp.FAIL_OK),
                                new OsdOp.WriteFull(text("after"))))
                .isZero();
        assertThat(run(new OsdOp.Read(0, 0)).outputs()[0]).isEqualTo(text("after"));
    }

    @Test
    void limits() {
        long max = OpLimits.DEFAULT.objectSizeMax();
        assertThat(result(new OsdOp.Write(max, text("x")))).isEqualTo(Results.EFBIG);
        assertThat(result(new OsdOp.Write(-1, text("x")))).isEqualTo(Results.EFBIG);
        assertThat(result(new OsdOp.Write(Long.MAX_VALUE, text("x")))).isEqualTo(Results.EFBIG);
        for (long size : new long[] {max, max + 1, 1L << 62, Long.MIN_VALUE, -1}) {
            assertThat(result(new OsdOp.Create(), new OsdOp.Truncate(size)))
                    .as("truncate to %s", size)
                    .isEqualTo(Results.EFBIG);
        }
        assertThat(result(new OsdOp.Zero(-1, 10))).isEqualTo(Results.EFBIG);
        assertThat(result(new OsdOp.Zero(1, Long.MAX_VALUE))).isEqualTo(Results.EFBIG);
        assertThat(result(new OsdOp.SetXattr("a", Bytes.zeros((64 << 10) + 1))))
                .isEqualTo(Results.EFBIG);
        assertThat(result(new OsdOp.SetXattr("a".repeat(101), text("x"))))
                .isEqualTo(Results.ENAMETOOLONG);
        assertThat(info).isNull();
    }

    /**
     * Growth is what a full disk refuses; what a deletion notes in the place of an entry is none.
     */
    @Test
    void entriesThatAreAddedGrowTheIndex() {
        OsdOp set = new OsdOp.OmapSetVals(Map.of("k", text("v")));
        OsdOp other = new OsdOp.OmapSetVals(Map.of("g", text("v")));
        OsdOp remove = new OsdOp.OmapRemoveKeys(List.of("k"));
        assertThat(run(new OsdOp.WriteFull(text("x"))).draft().growsIndex()).isFalse();
        assertThat(run(new OsdOp.SetXattr("a", text("1"))).draft().growsIndex()).isTrue();
        assertThat(run(new OsdOp.OmapSetHeader(text("1"))).draft().growsIndex()).isTrue();
        assertThat(run(set).draft().growsIndex()).isTrue();
        assertThat(run(remove, set, other).draft().growsIndex()).isTrue();
        assertThat(run(remove, other).draft().growsIndex()).isFalse();
        assertThat(run(new OsdOp.RemoveXattr("a")).draft().growsIndex()).isFalse();
        assertThat(run(set, new OsdOp.Delete()).draft().growsIndex()).isFalse();
    }

    @Test
    void attributesCompareAsCephCompares() {
        run(new OsdOp.SetXattr("s", text("m")), new OsdOp.SetXattr("n", text("10")));
        assertThat(result(new OsdOp.CompareXattr("s", text("m"), 1, 1))).isOne();
        assertThat(result(new OsdOp.CompareXattr("s", text("x"), 1, 1)))
                .isEqualTo(Results.ECANCELED);
        assertThat(result(new OsdOp.CompareXattr("s", text("x"), 3, 1))).isOne(); // given > stored
        Bytes nine = new Encoder().u64(9).toBytes();
        assertThat(result(new OsdOp.CompareXattr("n", nine, 5, 2))).isOne(); // 9 < 10
        assertThat(result(new OsdOp.CompareXattr("n", nine, 3, 2))).isEqualTo(Results.ECANCELED);
        assertThat(result(new OsdOp.CompareXattr("absent", text(""), 1, 1))).isOne();
        assertThat(result(new OsdOp.CompareXattr("s", text("m"), 9, 1))).isEqualTo(Results.EINVAL);
        assertThat(result(new OsdOp.GetXattr("absent"))).isEqualTo(Results.ENODATA);
    }

    @Test
    void versionsAreAsserted() {
        run(new OsdOp.Create());
        run(new OsdOp.Append(text("x")));
        assertThat(result(new OsdOp.AssertVersion(2))).isZero();
        assertThat(result(new OsdOp.AssertVersion(1))).isEqualTo(Results.ERANGE);
        assertThat(result(new OsdOp.AssertVersion(3))).isEqualTo(Results.EOVERFLOW);
        assertThat(result(new OsdOp.AssertVersion(0))).isEqualTo(Results.EINVAL);
    }

    @Test
    void extentsCompare() {
        run(new OsdOp.WriteFull(text("abc")));
        assertThat(result(new OsdOp.CompareExtent(0, text("abc")))).isZero();
        assertThat(result(new OsdOp.CompareExtent(0, text("abX")))).isEqualTo(-4095 - 2);
        assertThat(result(new OsdOp.CompareExtent(2, Bytes.of(new byte[] {'c', 0, 0})))).isZero();
    }

    @Test
    void classesAreUnknown() {
        run(new OsdOp.Create());
        assertThat(result(new OsdOp.Call("c", "m", Bytes.EMPTY))).isEqualTo(Results.EPERM);
    }

    /** An object the slow and obvious way. */
    private static final class Model {
        boolean exists;
        byte[] data = new byte[0];
        final Map<String, Bytes> omap = new TreeMap<>();
        final Map<String, Bytes> attrs = new TreeMap<>();

        void resize(int size) {
            data = Arrays.copyOf(data, size);
        }

        void write(int offset, byte[] bytes) {
            exists = true;
            resize(Math.max(data.length, offset + bytes.length));
            System.arraycopy(bytes, 0, data, offset, bytes.length);
        }

        void clear() {
            exists = false;
            data = new byte[0];
            omap.clear();
            attrs.clear();
        }
    }

    @Test
    void randomVectorsFollowTheModel() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        Model model = new Model();
        for (int round = 0; round < 20_000; round++) {
            List<OsdOp> ops = new ArrayList<>();
            int count = 1 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                ops.add(randomOp(random, model));
            }
            OpOutcome outcome = run(ops.toArray(new OsdOp[0]));
            assertThat(outcome.result()).as("round %s %s", round, ops).isZero();
            compare(model, round, ops);
        }
    }

    /** An operation that must succeed now, done to the model as well. */
    private static OsdOp randomOp(SplittableRandom random, Model model) {
        byte[] bytes = new byte[random.nextInt(12)];
        random.nextBytes(bytes);
        int offset = random.nextInt(40);
        int length = 1 + random.nextInt(20);
        String key = "k" + random.nextInt(4);
        switch (random.nextInt(10)) {
            case 0 -> {
                model.write(0, bytes);
                model.resize(bytes.length);
                return new OsdOp.WriteFull(Bytes.of(bytes));
            }
            case 1 -> {
                model.write(offset, bytes);
                return new OsdOp.Write(offset, Bytes.of(bytes));
            }
            case 2 -> {
                model.write(model.data.length, bytes);
                return new OsdOp.Append(Bytes.of(bytes));
            }
            case 3 -> {
                if (model.exists) {
                    model.resize(offset);
                }
                return new OsdOp.Truncate(offset);
            }
            case 4 -> {
                if (offset + length >= model.data.length) {
                    model.resize(Math.min(offset, model.data.length));
                } else {
                    Arrays.fill(model.data, offset, offset + length, (byte) 0);
                }
                return new OsdOp.Zero(offset, length);
            }
            case 5 -> {
                model.exists = true;
                model.attrs.put(key, Bytes.of(bytes));
                return new OsdOp.SetXattr(key, Bytes.of(bytes));
            }
            case 6 -> {
                model.exists = true;
                model.omap.put(key, Bytes.of(bytes));
                return new OsdOp.OmapSetVals(Map.of(key, Bytes.of(bytes)));
            }
            case 7 -> {
                if (!model.exists) {
                    model.exists = true;
                    return new OsdOp.Create(OsdOp.EXCLUSIVE);
                }
                model.omap.remove(key);
                return new OsdOp.OmapRemoveKeys(List.of(key));
            }
            case 8 -> {
                if (!model.exists) {
                    return new OsdOp.Delete(OsdOp.FAIL_OK);
                }
                model.attrs.remove(key);
                return new OsdOp.RemoveXattr(key);
            }
            default -> {
                boolean existed = model.exists;
                model.clear();
                return existed ? new OsdOp.Delete() : new OsdOp.Delete(OsdOp.FAIL_OK);
            }
        }
    }

    private void compare(Model model, int round, List<OsdOp> ops) throws Exception {
        assertThat(info != null).as("round %s %s", round, ops).isEqualTo(model.exists);
        if (!model.exists) {
            return;
        }
        Bytes data = run(new OsdOp.Read(0, 0)).outputs()[0];
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.write(model.data);
        assertThat(data.toArray()).as("round %s %s", round, ops).isEqualTo(expected.toByteArray());
        StoredObject stored = new StoredObject(store, COLLECTION, GhObject.of(OBJECT));
        assertThat(new TreeMap<>(stored.userAttrs())).isEqualTo(model.attrs);
        assertThat(new TreeMap<>(stored.omap("", "", 100).entries()))
                .as("round %s %s", round, ops)
                .isEqualTo(model.omap);
    }
}
