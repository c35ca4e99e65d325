package io.sepiola.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Golden;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.ObjectLocator;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OpOutputs;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.OsdOpCodec;
import io.sepiola.protocol.osd.OsdOpResult;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.SnapContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class OsdOpsTest {
    private static List<String> lines() {
        return Golden.lines("osd-ops/ops.jsonl");
    }

    private static EncodedMessage request(String line) {
        return MessagesTest.read(line.substring(0, line.indexOf("\"reply\":")), 42);
    }

    private static EncodedMessage reply(String line) {
        return MessagesTest.read(line.substring(line.indexOf("\"reply\":")), 43);
    }

    @Test
    void everyRequestAndReplyIsWrittenAsItWasRead() {
        assertThat(lines()).hasSize(173);
        for (String line : lines()) {
            for (EncodedMessage sample : List.of(request(line), reply(line))) {
                EncodedMessage again = Messages.encode(Messages.decode(sample));
                assertThat(again.front().toHex()).isEqualTo(sample.front().toHex());
                assertThat(again.data().toHex()).isEqualTo(sample.data().toHex());
                assertThat(again.tid()).isEqualTo(sample.tid());
            }
        }
    }

    @Test
    void everyOperationSeenIsKnown() {
        for (String line : lines()) {
            MOSDOp message = (MOSDOp) Messages.decode(request(line));
            assertThat(message.ops()).noneMatch(op -> op instanceof OsdOp.Unknown);
        }
    }

    @Test
    void outputsAreWrittenAsTheyWereRead() {
        int read = 0;
        for (String line : lines()) {
            for (OsdOpResult result : ((MOSDOpReply) Messages.decode(reply(line))).ops()) {
                Codec<?> codec = codec(result.code());
                if (codec != null && !result.output().isEmpty()) {
                    assertThat(again(codec, result.output())).isEqualTo(result.output());
                    read++;
                }
            }
        }
        assertThat(read).isGreaterThan(20);
    }

    private static <T> Bytes again(Codec<T> codec, Bytes bytes) {
        return codec.toBytes(codec.fromBytes(bytes));
    }

    private static Codec<?> codec(int op) {
        return switch (op) {
            case 0x1202 -> OpOutputs.Stat.CODEC;
            case 0x1205 -> OpOutputs.SparseRead.CODEC;
            case 0x1209 -> OpOutputs.Watchers.CODEC;
            case 0x120a -> OpOutputs.Snaps.CODEC;
            case 0x1211 -> OpOutputs.OmapKeys.CODEC;
            case 0x1212 -> OpOutputs.OmapVals.CODEC;
            case 0x1214, 0x1302 -> OpOutputs.ENTRIES;
            case 0x1505 -> OpOutputs.PgListing.CODEC;
            default -> null;
        };
    }

    static List<OsdOp> operations() {
        Bytes data = Bytes.utf8("data");
        ObjectLocator locator = ObjectLocator.of(3, "space");
        return List.of(
                new OsdOp.Read(1, 2, 3, 4, 5),
                new OsdOp.SparseRead(1, 2, 3, 4, 5),
                new OsdOp.MapExtents(1, 2),
                new OsdOp.Checksum(1, 2, -3, 4, data),
                new OsdOp.CompareExtent(1, data),
                new OsdOp.Stat(OsdOp.FAIL_OK),
                new OsdOp.Write(1, 2, 3, data, 4),
                new OsdOp.WriteFull(data),
                new OsdOp.WriteSame(1, 8, data),
                new OsdOp.Append(Bytes.EMPTY),
                new OsdOp.Zero(-1, -2),
                new OsdOp.Truncate(7),
                new OsdOp.Create(OsdOp.EXCLUSIVE),
                new OsdOp.Delete(),
                new OsdOp.GetXattr("n"),
                new OsdOp.GetXattrs(),
                new OsdOp.SetXattr("n", data),
                new OsdOp.SetXattr("n", Bytes.EMPTY),
                new OsdOp.RemoveXattr(""),
                new OsdOp.CompareXattr("n", data, 3, 2),
                new OsdOp.OmapGetKeys("a", 9),
                new OsdOp.OmapGetVals("a", 9, "p"),
                new OsdOp.OmapGetHeader(),
                new OsdOp.OmapGetValsByKeys(List.of("a", "b")),
                new OsdOp.OmapSetVals(Map.of("k", data)),
                new OsdOp.OmapSetHeader(data),
                new OsdOp.OmapClear(),
                new OsdOp.OmapRemoveKeys(List.of("a")),
                new OsdOp.OmapRemoveRange("a", "b"),
                new OsdOp.OmapCompare(
                        Map.of("k", new OsdOp.OmapAssertion(data, OsdOp.Comparison.LESS))),
                new OsdOp.PgList(1, -2, HObject.MIN),
                new OsdOp.PgNamespaceList(1, -2, HObject.MAX),
                new OsdOp.ListInconsistent(data, 0),
                new OsdOp.AssertVersion(5),
                new OsdOp.SetAllocationHint(1, 2, -3),
                new OsdOp.Call("class", "method", data),
                new OsdOp.Watch(1, OsdOp.Watch.PING, -2, -3),
                new OsdOp.Watch(1, OsdOp.Watch.WATCH, 0x12345678, 0x7abbccdd),
                new OsdOp.Notify(1, 2, data),
                new OsdOp.NotifyAck(1, 2, data),
                new OsdOp.ListWatchers(),
                new OsdOp.ListSnaps(),
                new OsdOp.Rollback(4),
                new OsdOp.CopyFrom("src", locator, 1, 2, 3, -4),
                new OsdOp.CopyFrom2("src", locator, 1, 2, 3, -4, 5, 6),
                new OsdOp.CopyGet(1, data),
                new OsdOp.IsDirty(),
                new OsdOp.Unknown(0x7777, new OsdOp.Args(1, 2, 3, 4), data, 5));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void anOperationComesBackAsItWas(OsdOp op) {
        assertThat(OsdOpCodec.fromRaw(OsdOpCodec.toRaw(op))).isEqualTo(op);
    }

    @Test
    void everyOperationIsInTheListAbove() {
        assertThat(operations().stream().map(Object::getClass).distinct())
                .containsExactlyInAnyOrder(OsdOp.class.getPermittedSubclasses());
    }

    @Test
    void aMessageOfAllOperationsComesBackAsItWas() {
        MOSDOp message = message(operations());
        assertThat(Messages.decode(Messages.encode(message))).isEqualTo(message);
        List<OsdOpResult> results =
                operations().stream().map(op -> OsdOpResult.of(op, -2, Bytes.utf8("out"))).toList();
        MOSDOpReply reply =
                new MOSDOpReply(
                        7, "o", new PgId(1, 2), 5, 0, 9, results, -1, new EVersion(9, 1), 1);
        assertThat(Messages.decode(Messages.encode(reply))).isEqualTo(reply);
    }

    private static MOSDOp message(List<OsdOp> ops) {
        return new MOSDOp(
                7,
                SpgId.replicated(new PgId(1, 2)),
                0x1234,
                9,
                MOSDOp.WRITE,
                OsdReqId.NONE,
                0,
                Utime.ZERO,
                ObjectLocator.of(1),
                "object",
                ops,
                HObject.HEAD,
                SnapContext.NONE,
                -1,
                0);
    }

    @Test
    void aLengthThatIsNotThePayloadsMakesTheOperationUnknown() {
        OsdOp.Unknown write =
                new OsdOp.Unknown(0x2201, new OsdOp.Args(0, 5, 0, 0), Bytes.utf8("four"), 0);
        assertThat(OsdOpCodec.fromRaw(write)).isSameAs(write);
    }

    @Test
    void aBrokenPayloadMakesTheOperationUnknown() {
        for (OsdOp op : operations()) {
            OsdOp.Unknown raw = OsdOpCodec.toRaw(op);
            for (int size = 0; size < raw.payload().size(); size++) {
                OsdOp.Unknown cut =
                        new OsdOp.Unknown(raw.code(), raw.args(), raw.payload().slice(0, size), 0);
                assertThat(OsdOpCodec.fromRaw(cut)).isNotEqualTo(op);
            }
        }
    }

    @Test
    void damagedRequestsAndRepliesAreMalformedOrAnotherMessage() {
        for (String line : lines()) {
            for (EncodedMessage sample : List.of(request(line), reply(line))) {
                byte[] front = sample.front().toArray();
                for (int at = 0; at < front.length; at++) {
                    MessagesTest.attempt(sample, Bytes.of(front).slice(0, at), sample.data());
                    byte[] flipped = front.clone();
                    flipped[at] ^= (byte) 0x81;
                    MessagesTest.attempt(sample, Bytes.of(flipped), sample.data());
                }
            }
        }
    }

    @Test
    void aHugeCountOfOperationsIsMalformed() {
        EncodedMessage good = Messages.encode(message(List.of(new OsdOp.Stat())));
        byte[] front = good.front().toArray();
        // The count follows the object's name.
        int at = front.length - 38 - 2 - 32;
        assertThat(front[at]).isEqualTo((byte) 1);
        front[at] = (byte) 0xff;
        front[at + 1] = (byte) 0xff;
        List<Throwable> failures = new ArrayList<>();
        try {
            Messages.decode(
                    new EncodedMessage(42, 8, 3, 63, 0, Bytes.of(front), Bytes.EMPTY, Bytes.EMPTY));
        } catch (Malformed expected) {
            failures.add(expected);
        }
        assertThat(failures).hasSize(1);
    }

    @Test
    void keysNeedNotBeText() {
        String key = Bytes.hex("ff00fe").toUtf8();
        OsdOp op = new OsdOp.OmapSetVals(Map.of(key, Bytes.EMPTY));
        assertThat(OsdOpCodec.fromRaw(OsdOpCodec.toRaw(op))).isEqualTo(op);
        assertThat(Primitives.STRING.toBytes(key).slice(4).toHex()).isEqualTo("ff00fe");
    }
}
