package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A daemon that cannot start says why and what to do, in one line, and ends with 1. */
@Tag("interop")
class DaemonRefusalsTest {
    private static final String KEY = "AQAAAAAAAAAAABAAAQIDBAUGBwgJCgsMDQ4PAA==";

    @TempDir private Path directory;

    @BeforeAll
    static void build() {
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // it tells of it
    }

    @BeforeEach
    void configure() throws IOException {
        write("ceph.conf", configuration(UUID.randomUUID()));
        write("mon.keyring", "[mon.]\n key = " + KEY + "\n");
    }

    private String configuration(UUID fsid) {
        return """
        [global]
        fsid = %s
        mon host = 127.0.0.1:28099
        bluestore block size = 1073741824
        mon data = %2$s/mon.$id
        osd data = %2$s/osd.$id
        mgr data = %2$s/mgr.$id
        log file = %2$s/$name.log
        """
                .formatted(fsid, directory);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private Program.Result run(Object... words) {
        List<Object> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("-c", directory.resolve("ceph.conf")));
        return Program.sepiola(all.toArray()).run();
    }

    private void refused(Program.Result result, String... words) {
        assertThat(result.code()).as(result.toString()).isEqualTo(1);
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("sepiola: ")
                .contains(words);
    }

    @Test
    void whatIsNotMadeYet() {
        refused(run("mon", "-i", "a"), "mon.a holds no monitor", "--mkfs");
        refused(run("osd", "-i", "0"), "osd.0 holds no OSD", "--mkfs");
        refused(run("mgr", "-i", "x"), "no keyring of mgr.x");
        refused(run("gateway", "-i", "rgw.a", "--rgw-data", directory), "no keyring");
    }

    @Test
    void wordsThatMeanNothing() {
        refused(run("osd", "-i", "0", "--setuser", "ceph"), "--setuser", "osd --help");
        refused(run("osd", "-i", "zero"), "zero", "-i 0");
        refused(run("osd"), "-i ID");
        refused(run("osd", "-n", "client.a"), "client.a", "osd.ID");
        refused(
                Program.sepiola("osd", "-i", "0", "-c", directory.resolve("none")).run(),
                "cannot read the configuration file");
        refused(
                run("gateway", "-i", "rgw.a", "--rgw-frontends", "beast ssl_port=443"),
                "ssl_port",
                "proxy");
    }

    @Test
    void modesOfConnectionsThatAreNone() throws IOException {
        run("mon", "-i", "a", "--mkfs", "--keyring", directory.resolve("mon.keyring")).ok();
        run("osd", "-i", "0", "--mkfs", "--mkkey").ok();
        String[] wanted = {"= 'plain'", "crc, secure"};
        refused(run("mon", "-i", "a", "--ms-mon-service-mode", "plain"), wanted);
        refused(run("osd", "-i", "0", "--ms-cluster-mode", "plain"), wanted);
        write("ceph.conf", configuration(UUID.randomUUID()) + "ms client mode = plain\n");
        refused(run("osd", "-i", "0"), wanted);
    }

    @Test
    void storesThatAreAnothers() throws IOException {
        Path keyring = directory.resolve("mon.keyring");
        refused(run("mon", "-i", "a", "--mkfs"), "no keyring of mon.");
        run("mon", "-i", "a", "--mkfs", "--keyring", keyring).ok();
        refused(run("mon", "-i", "a", "--mkfs", "--keyring", keyring), "holds a monitor already");
        run("osd", "-i", "0", "--mkfs", "--mkkey").ok();
        refused(run("osd", "-i", "0", "--mkfs"), "holds an OSD's store already");
        assertThat(Files.getPosixFilePermissions(directory.resolve("osd.0/keyring"))).hasSize(2);
        refused(
                run("osd", "-i", "1", "--osd-data", directory.resolve("osd.0"), "-k", keyring),
                "no key of osd.1");
        write("osd.1.keyring", "[osd.1]\n key = " + KEY + "\n");
        refused(
                run(
                        "osd",
                        "-i",
                        "1",
                        "--osd_data",
                        directory.resolve("osd.0"),
                        "-k",
                        directory.resolve("osd.1.keyring")),
                "osd.0");
        write("ceph.conf", configuration(UUID.randomUUID()));
        refused(run("mon", "-i", "a"), "belongs to cluster");
    }

    @Test
    void aMonitorThatIsNotThere() {
        run("osd", "-i", "0", "--mkfs", "--mkkey").ok();
        refused(run("osd", "-i", "0"), "cannot reach the monitors at", "127.0.0.1:28099");
    }
}
