package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * {@code sepiola rados} and {@code sepiola ceph} on one cluster beside Ceph's programs: the same
 * output, the same exit code.
 */
@Tag("interop")
class RadosVerbTest {
    private static final Pattern LIBRARY_LOG =
            Pattern.compile("(?m)^\\d{4}-\\d\\d-\\d\\dT\\S+ [0-9a-f]+ .*\\R(\\R)?");

    @TempDir static Path home;
    private static LocalCluster cluster;

    @BeforeAll
    static void start() {
        Program.need("ceph", "rados");
        cluster = LocalCluster.start(home, "verbs");
    }

    @AfterAll
    static void purge() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static Program.Result ours(String line) {
        return cluster.sepiola(words("-c " + cluster.conf() + " " + line, "rados")).run();
    }

    private static Program.Result cephs(String line) {
        return cluster.ceph("rados", (Object[]) line.split(" ")).run();
    }

    private static Object[] words(String line, String verb) {
        return (verb + " " + line).split(" ");
    }

    private static void same(String line) {
        Program.Result ours = ours(line);
        Program.Result cephs = cephs(line);
        assertThat(ours.out()).as(line).isEqualTo(cephs.out());
        assertThat(ours.err()).as(line).isEqualTo(withoutLibraryLog(cephs.err()));
        assertThat(ours.code()).as(line).isEqualTo(cephs.code());
    }

    /**
     * What Ceph's library logs about its connections, with a stamp, is not the program's answer.
     */
    private static String withoutLibraryLog(String err) {
        return LIBRARY_LOG.matcher(err).replaceAll("");
    }

    private static void pool(String name) {
        assertThat(ours("mkpool " + name).ok())
                .isEqualTo("successfully created pool " + name + "\n");
    }

    @Test
    void objectsArePutReadListedAndRemoved() throws IOException {
        pool("objects");
        byte[] data = new byte[9_000_001];
        new Random(3).nextBytes(data);
        Path file = Files.write(home.resolve("file"), data);
        Path back = home.resolve("back");
        ours("-p objects put o " + file).ok();
        ours("-p objects get o " + back).ok();
        assertThat(Files.mismatch(file, back)).isEqualTo(-1);
        cephs("-p objects get o " + back).ok();
        assertThat(Files.mismatch(file, back)).isEqualTo(-1);
        for (String verb : List.of("lspools", "-p objects ls", "-p objects stat o", "df")) {
            same(verb);
        }
        ours("-p objects append o " + Files.writeString(home.resolve("tail"), "tail")).ok();
        ours("-p objects truncate o 9000003").ok();
        same("-p objects stat o");
        ours("-p objects cp o copy").ok();
        ours("-p objects create empty").ok();
        same("-p objects stat empty");
        ours("-p objects rm o copy empty").ok();
        assertThat(cephs("-p objects ls").ok()).isEmpty();
        for (String verb : List.of("rm", "stat", "listxattr", "listomapkeys", "getomapheader")) {
            same("-p objects " + verb + " absent");
        }
        same("-p objects get absent -");
        same("-p nopool ls");
    }

    @Test
    void attributesAndOmapsAreShownAlike() {
        pool("maps");
        ours("-p maps create o").ok();
        same("-p maps getomapheader o");
        ours("-p maps setxattr o colour sepia").ok();
        ours("-p maps setxattr o shape oval").ok();
        for (int i = 0; i < 8; i++) {
            ours("-p maps setomapval o key" + i + " value" + "v".repeat(i)).ok();
        }
        ours("-p maps setomapheader o head").ok();
        List<String> shown =
                List.of(
                        "listxattr o",
                        "getxattr o colour",
                        "getxattr o absent",
                        "listomapkeys o",
                        "listomapvals o",
                        "getomapval o key7",
                        "getomapval o absent",
                        "getomapheader o");
        for (String verb : shown) {
            same("-p maps " + verb);
        }
        ours("-p maps rmxattr o colour").ok();
        ours("-p maps rmomapkey o key7").ok();
        for (String verb : shown) {
            same("-p maps " + verb);
        }
        ours("-p maps clearomap o").ok();
        same("-p maps listomapkeys o");
    }

    @Test
    void benchWritesReadsAndCleansUp() {
        pool("bench");
        for (String mode : List.of("write -b 65536 --no-cleanup", "seq", "rand")) {
            String out = ours("-p bench bench 1 " + mode).ok();
            assertThat(out).containsPattern("Bandwidth \\(MB/sec\\): +[0-9.]+");
            assertThat(out).containsPattern("Average IOPS: +[1-9]");
        }
        assertThat(cephs("-p bench bench 1 seq").ok())
                .as("Ceph reads what we wrote")
                .containsPattern("Average IOPS: +[1-9]");
        assertThat(ours("-p bench cleanup").ok()).containsPattern("Removed [1-9]\\d* objects");
        assertThat(cephs("-p bench ls").ok()).isEmpty();
    }

    @Test
    void cephsCommandsPrintTheSame() {
        for (String line :
                List.of(
                        "osd tree",
                        "osd ls",
                        "osd lspools",
                        "osd pool ls detail",
                        "osd dump",
                        "osd map .rgw.root x",
                        "osd map .sepiola.s3.meta x",
                        "osd pool get .sepiola.s3.meta size",
                        "mon dump -f json-pretty",
                        "auth ls",
                        "auth get client.admin",
                        "config get osd.0",
                        "versions",
                        "health detail",
                        "osd pool set",
                        "osd pool nonsense",
                        "osd out osd.x")) {
            Program.Result ours =
                    cluster.sepiola(words("-c " + cluster.conf() + " " + line, "ceph")).run();
            Program.Result cephs = cluster.ceph("ceph", (Object[]) line.split(" ")).run();
            assertThat(ours.out()).as(line).isEqualTo(cephs.out());
            assertThat(ours.code()).as(line).isEqualTo(cephs.code());
        }
    }
}
