package io.sepiola.monitor.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.message.LogEntry;
import io.sepiola.protocol.message.MAuth;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MGetPoolStats;
import io.sepiola.protocol.message.MLog;
import io.sepiola.protocol.message.MMonCommand;
import io.sepiola.protocol.message.MMonGetMap;
import io.sepiola.protocol.message.MMonGetVersion;
import io.sepiola.protocol.message.MMonSubscribe;
import io.sepiola.protocol.message.MOSDAlive;
import io.sepiola.protocol.message.MOSDBeacon;
import io.sepiola.protocol.message.MOSDFailure;
import io.sepiola.protocol.message.MOSDFull;
import io.sepiola.protocol.message.MOSDMarkMeDown;
import io.sepiola.protocol.message.MOSDPGCreated;
import io.sepiola.protocol.message.MOSDPGReadyToMerge;
import io.sepiola.protocol.message.MOSDPGTemp;
import io.sepiola.protocol.message.MPing;
import io.sepiola.protocol.message.MPoolOp;
import io.sepiola.protocol.message.MStatfs;
import io.sepiola.protocol.message.Subscription;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** As a genuine monitor describes them. */
class DescriptionTest {
    private static final UUID FSID = UUID.fromString("803b6792-7c61-4cf8-9adc-671546b79081");
    private static final EntityAddrVec ADDRS =
            EntityAddrVec.of(EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", 6800), 9));

    private static Stream<Arguments> messages() {
        PgId pg = new PgId(2, 7);
        LogEntry entry =
                new LogEntry(
                        AuthName.parse("osd.1"),
                        new EntityName(EntityType.OSD, 1),
                        ADDRS,
                        new Utime(1_796_072_744, 394_932_000),
                        2,
                        1,
                        "text",
                        "cluster");
        return Stream.of(
                Arguments.of(new MMonGetMap(), "mon_getmap magic: 0"),
                Arguments.of(new MPing(Bytes.EMPTY), "ping magic: 0"),
                Arguments.of(
                        new MMonSubscribe(
                                Map.of(
                                        "osdmap",
                                        new Subscription(5, Subscription.ONCE),
                                        "config",
                                        new Subscription(0, 0)),
                                "h"),
                        "mon_subscribe({config=0+,osdmap=5})"),
                Arguments.of(
                        new MMonGetVersion(1, "osdmap"), "mon_get_version(what=osdmap handle=1)"),
                Arguments.of(
                        new MAuth(0, 2, Bytes.hex("0102"), 0), "auth(proto 2 2 bytes epoch 0)"),
                Arguments.of(
                        new MCommand(2, FSID, List.of("{\"prefix\": \"ops\"}"), Bytes.EMPTY),
                        "command(tid 2: {\"prefix\": \"ops\"})"),
                Arguments.of(new MStatfs(3, 0, FSID, Optional.empty()), "statfs(3 pool -1 v0)"),
                Arguments.of(
                        new MGetPoolStats(1, 0, FSID, List.of("a", "b")),
                        "getpoolstats(1 [a,b] v0)"),
                Arguments.of(
                        new MPoolOp(4, 29, FSID, 2, MPoolOp.CREATE_SNAP, 0, "s1", 0),
                        "pool_op(create snap pool 2 tid 4 name s1 v29)"),
                Arguments.of(
                        new MLog(0, FSID, List.of(entry)),
                        "log(1 entries from seq 2 at 2026-11-30T21:05:44.394932+0000)"),
                Arguments.of(
                        new MOSDFailure(30, FSID, 1, ADDRS, 30, MOSDFailure.FAILED, 22),
                        "osd_failure(failed timeout osd.1 v2:127.0.0.1:6800/9 for 22sec e30 v30)"),
                Arguments.of(
                        new MOSDMarkMeDown(3, FSID, 0, ADDRS, 3, true, true),
                        "MOSDMarkMeDown(request_ack=1, down_and_dead=1, osd.0,"
                                + " v2:127.0.0.1:6800/9, fsid="
                                + FSID
                                + ")"),
                Arguments.of(new MOSDAlive(21, 22), "osd_alive(want up_thru 22 have 21)"),
                Arguments.of(
                        new MOSDPGTemp(22, 22, Map.of(pg, List.of(0, 2, 1)), false),
                        "osd_pgtemp(e22 {2.7=[0,2,1]} v22)"),
                Arguments.of(
                        new MOSDBeacon(5, List.of(pg), 12, Utime.ZERO, 300),
                        "osd_beacon(pgs [2.7] lec 12 last_purged_snaps_scrub 0.000000"
                                + " osd_beacon_report_interval 300 v5)"),
                Arguments.of(new MOSDPGCreated(1, pg), "osd_pg_created(2.7)"),
                Arguments.of(new MOSDFull(7, 6, 0x20), "osd_full(e6 nearfull v7)"),
                Arguments.of(
                        new MOSDPGReadyToMerge(
                                9, pg, new EVersion(1, 2), new EVersion(1, 3), 4, 5, true),
                        "osd_pg_ready_to_merge(2.7 sv 1'2 tv 1'3 les/c 4/5 ready v9)"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aRequestIsToldInOneLine(Message message, String text) {
        assertThat(Description.of(message)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"prefix\":\"status\"} | {\"prefix\":\"status\"} | osdmap",
                "{\"prefix\":\"config"
                        + " set\",\"who\":\"mon\",\"name\":\"mon_x\",\"value\":\"secret\"} |"
                        + " [{prefix=config set, name=mon_x}] | config",
                "{\"prefix\":\"config-key set\",\"key\":\"a/b\",\"val\":\"secret\"}"
                        + " | [{prefix=config-key set, key=a/b}] | kv",
                "{\"prefix\":\"config-key put\",\"key\":\"a/b\",\"val\":\"secret\"}"
                        + " | [{prefix=config-key put, key=a/b}] | kv",
                "{\"prefix\":\"auth rm\",\"entity\":\"x\"}"
                        + " | {\"prefix\":\"auth rm\",\"entity\":\"x\"} | auth",
                "no json | no json | mon",
            })
    void ofACommandNoSecretIsTold(String json, String shown, String service) {
        MMonCommand command = new MMonCommand(1, 0, FSID, List.of(json), Bytes.EMPTY);
        assertThat(Description.of(command)).isEqualTo("mon_command(" + shown + " v 0)");
        assertThat(Description.service(command)).isEqualTo(service);
    }
}
