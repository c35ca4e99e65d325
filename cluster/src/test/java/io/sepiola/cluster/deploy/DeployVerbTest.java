package io.sepiola.cluster.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** What the verbs do to the working directory and to hosts; no daemon is made. */
class DeployVerbTest {
    @TempDir private Path folder;
    private Path work;
    private String said = "";

    @BeforeEach
    void makeWorkFolder() throws IOException {
        work = Files.createDirectory(folder.resolve("work"));
        Files.writeString(
                folder.resolve(".cephdeploy.conf"),
                "[ceph-deploy-global]\nroot = " + folder.resolve("$host") + "\n");
    }

    private int run(String line) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream console = new PrintStream(out, true, StandardCharsets.UTF_8);
        int code =
                DeployVerb.run(line.split(" "), console, work, folder, options -> new LocalDoor());
        said = out.toString(StandardCharsets.UTF_8);
        return code;
    }

    private Path conf(String host) {
        return folder.resolve(host).resolve("etc/ceph/ceph.conf");
    }

    @Test
    void aClusterIsBegunOnce() throws IOException {
        assertThat(run("new --public-network 10.0.0.0/8 a.example.org:10.0.0.1 b:fd00::2"))
                .as(said)
                .isZero();
        String conf = Files.readString(work.resolve("ceph.conf"));
        assertThat(conf)
                .contains("public_network = 10.0.0.0/8\n")
                .contains("mon_initial_members = a, b\n")
                .contains("mon_host = 10.0.0.1,[fd00:0:0:0:0:0:0:2]\n")
                .containsPattern("fsid = [0-9a-f-]{36}\n");
        Path keyring = work.resolve("ceph.mon.keyring");
        String key = Files.readString(keyring);
        assertThat(key).startsWith("[mon.]\n").contains("caps mon = \"allow *\"");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyring)))
                .isEqualTo("rw-------");
        assertThat(run("new --public-network 10.0.0.0/8 a:10.0.0.1 b:fd00::2")).isZero();
        assertThat(said).contains("[ceph_deploy.new][INFO  ] ", "ceph.conf is there already");
        assertThat(work.resolve("ceph.conf")).hasContent(conf);
        assertThat(keyring).hasContent(key);
        assertThat(run("new c:10.0.0.3")).isEqualTo(1);
        assertThat(said).contains("mon_initial_members = a, b, not c");
        assertThat(Files.readString(work.resolve("ceph-deploy-ceph.log")))
                .contains("][ceph_deploy][INFO  ] Invoked (")
                .contains(": sepiola ceph-deploy new c:10.0.0.3")
                .doesNotContain(key.lines().skip(1).findFirst().orElseThrow().strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "new --public-network 10.0.0.0 a:10.0.0.1 | '10.0.0.0' is no network",
                "new a:nobody | 'nobody' is no address",
                "new --public-network 203.0.113.0/24 a | in the public network 203.0.113.0/24",
                "mon create-initial | run this where 'ceph-deploy new' was run",
                "admin a | client.admin.keyring is not there; 'ceph-deploy gatherkeys HOST' brings",
                "osd create --data /x a | ceph.bootstrap-osd.keyring is not there",
                "rgw create a | ceph.bootstrap-rgw.keyring is not there",
            })
    void whatCannotBeDoneSaysWhatToDo(String line, String message) {
        assertThat(run(line)).isEqualTo(1);
        assertThat(said).contains(message);
        assertThat(work.resolve("ceph.conf")).doesNotExist();
    }

    @Test
    void quietSaysOnlyWhatIsWrong() {
        assertThat(run("-q new a:10.0.0.1")).isZero();
        assertThat(said).isEmpty();
        assertThat(run("-q new b:10.0.0.1")).isEqualTo(1);
        assertThat(said).startsWith("[ceph_deploy][ERROR ] ");
        assertThat(work.resolve("ceph-deploy-ceph.log")).content().contains("[INFO  ] wrote ");
    }

    @Test
    void aHostsOtherConfigurationIsNotWrittenOverUnasked() throws IOException {
        run("new a:10.0.0.1");
        assertThat(run("config push a b")).as(said).isZero();
        assertThat(conf("b")).hasSameTextualContentAs(work.resolve("ceph.conf"));
        Files.writeString(conf("a"), "[global]\nfsid = another\n");
        assertThat(run("config push a b")).isEqualTo(1);
        assertThat(said)
                .contains("[a][ERROR ] ", "give --overwrite-conf to write over it")
                .contains("[b][DEBUG ] ", "is the cluster's configuration already")
                .contains("failed to push the configuration on: a");
        assertThat(run("config pull a")).isEqualTo(1);
        assertThat(said).contains("--overwrite-conf");
        assertThat(run("--overwrite-conf config pull a")).isZero();
        assertThat(work.resolve("ceph.conf")).content().contains("fsid = another");
        assertThat(run("config pull a")).isZero();
        assertThat(said).contains("is the same already");
        assertThat(run("--overwrite-conf config push b")).isZero();
        assertThat(conf("b")).content().contains("fsid = another");
    }

    private void pretendInstalled() throws IOException {
        Path program = Files.createDirectories(folder.resolve("a/opt/sepiola"));
        Files.writeString(program.resolve("sepiola"), "#!/bin/sh\n");
        Files.writeString(
                work.resolve("ceph.bootstrap-osd.keyring"),
                "[client.bootstrap-osd]\n\tkey = AQBSdH5mAAAAABAAFKhUiuS0b2ZcDlvzyTgJ4A==\n");
    }

    @Test
    void anOsdWantsAnEmptyFolderOfItsOwn() throws IOException {
        run("new a:10.0.0.1");
        pretendInstalled();
        Path full = Files.createDirectories(folder.resolve("a/full"));
        Files.writeString(full.resolve("letter"), "dear");
        assertThat(run("osd prepare a:/full")).isEqualTo(1);
        assertThat(said).contains("holds something (letter); an OSD wants an empty folder");
        assertThat(run("osd prepare a:/dev/sdb")).isEqualTo(1);
        assertThat(said).contains("/dev/sdb is a device", "make a file system on it");
        assertThat(run("osd prepare a:data")).isEqualTo(1);
        assertThat(said).contains("'data' is no folder; wanted a full path");
        assertThat(run("osd activate a:/srv/osd0")).isEqualTo(1);
        assertThat(said).contains("'ceph-deploy osd prepare a:/srv/osd0' does that");
        assertThat(run("osd prepare a:/srv/osd0")).as(said).isZero();
        assertThat(said).contains("Host a is now ready for osd use.");
        assertThat(run("osd prepare a:/srv/osd0")).isZero();
        assertThat(said).contains("is prepared already");
        Files.writeString(folder.resolve("a/srv/osd0/ceph_fsid"), "another\n");
        assertThat(run("osd activate a:/srv/osd0")).isEqualTo(1);
        assertThat(said).contains("belongs to cluster another");
    }

    @Test
    void dataGoOnlyWhereNothingIsInstalled() throws IOException {
        run("new a:10.0.0.1");
        pretendInstalled();
        run("osd prepare a:/srv/osd0");
        assertThat(run("purgedata a")).isEqualTo(1);
        assertThat(said).contains("Sepiola is still installed on a");
        assertThat(conf("a")).exists();
        assertThat(run("purge a")).as(said).isZero();
        assertThat(run("purge a")).isZero();
        assertThat(said).contains("Sepiola is not installed here");
        assertThat(run("purgedata a")).isZero();
        assertThat(conf("a")).doesNotExist();
        assertThat(run("purgedata a")).isZero();
        assertThat(said).contains("there are no data here");
        assertThat(run("forgetkeys")).isZero();
        assertThat(work.resolve("ceph.mon.keyring")).doesNotExist();
        assertThat(work.resolve("ceph.conf")).exists();
    }
}
