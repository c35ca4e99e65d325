package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Encoder;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whoever talks nonsense to a daemon's port is hung up on, and the cluster stays healthy. */
@Tag("interop")
class NetworkAbuseTest {
    @TempDir Path home;

    @Test
    void nonsenseIsHungUpOnAndTheClusterStaysHealthy() throws IOException {
        Program.need("ceph");
        try (LocalCluster cluster = LocalCluster.start(home, "abuse")) {
            List<Integer> ports = ports(cluster);
            assertThat(ports).hasSizeGreaterThanOrEqualTo(4);
            long before = residentKib(cluster);
            for (int port : ports) {
                for (Map.Entry<String, Bytes> abuse : abuses().entrySet()) {
                    assertThat(hungUp(port, abuse.getValue()))
                            .as("%s at port %d", abuse.getKey(), port)
                            .isTrue();
                }
            }
            assertThat(residentKib(cluster) - before).as("KiB grown").isLessThan(200 << 10);
            assertThat(cluster.ceph("ceph", "health").run().ok()).contains("HEALTH_OK");
        }
    }

    private static Map<String, Bytes> abuses() {
        Map<String, Bytes> abuses = new LinkedHashMap<>();
        byte[] noise = new byte[4096];
        new Random(1).nextBytes(noise);
        abuses.put("noise", Bytes.of(noise));
        abuses.put("http", Bytes.utf8("GET / HTTP/1.1\r\nHost: x\r\n\r\n" + " ".repeat(100)));
        abuses.put(
                "a banner of 64 KiB",
                Bytes.concat(
                        Bytes.utf8("ceph v2\n"),
                        Bytes.of(new byte[] {-1, -1}),
                        Bytes.zeros(70_000)));
        abuses.put("a wrong crc", frame(1, 1, 16, 0xdead));
        abuses.put("a frame of 4 GiB", frame(1, 1, -1, null));
        abuses.put("no segments", frame(1, 0, 0, null));
        abuses.put("nine segments", frame(1, 9, 16, null));
        abuses.put("an unknown tag", frame(99, 1, 16, null));
        abuses.put("a message before the login", frame(17, 1, 41, null));
        return abuses;
    }

    private static Bytes frame(int tag, int segments, int length, Integer crcOrNull) {
        Encoder preamble = new Encoder();
        preamble.u8(tag).u8(segments).u32(length).u16(8).zeros(18).u16(0);
        Bytes head = preamble.toBytes();
        Encoder all = new Encoder();
        all.raw("ceph v2\n".getBytes(StandardCharsets.US_ASCII)).u16(16).u64(1).u64(0);
        all.raw(head).u32(crcOrNull == null ? head.crc32c(0) : crcOrNull);
        return all.zeros(4096).toBytes();
    }

    /** Sends, and reads until the other end closes; false when it stays open. */
    private static boolean hungUp(int port, Bytes bytes) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 5000);
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(bytes.toArray());
            InputStream in = socket.getInputStream();
            in.readNBytes(1 << 20);
            return true;
        } catch (SocketException reset) {
            return true;
        } catch (java.net.SocketTimeoutException open) {
            return false;
        }
    }

    private static List<Integer> ports(LocalCluster cluster) {
        List<Integer> ports = new ArrayList<>();
        Matcher address =
                Pattern.compile("v2:127\\.0\\.0\\.1:(\\d+)")
                        .matcher(
                                cluster.ceph("ceph", "mon", "dump").run().ok()
                                        + cluster.ceph("ceph", "osd", "dump").run().ok());
        while (address.find()) {
            int port = Integer.parseInt(address.group(1));
            if (!ports.contains(port)) {
                ports.add(port);
            }
        }
        return ports;
    }

    private static long residentKib(LocalCluster cluster) throws IOException {
        Path status = Path.of("/proc", "" + cluster.process().pid(), "status");
        return java.nio.file.Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
