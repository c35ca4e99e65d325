package io.sepiola.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.AuthName;

import org.junit.jupiter.api.Test;

class CephConfTest {
    private static CephConf conf(String name, String text) {
        return CephConf.parse(text, "ceph", AuthName.parse(name));
    }

    @Test
    void theMostParticularSectionWins() {
        String text =
                """
                a = before any section
                [global]
                a = 1
                b = 1
                c = 1
                [osd]
                b = 2
                c = 2
                [osd.0]
                c = 3
                """;
        CephConf osd = conf("osd.0", text);
        assertThat(osd.get("a")).hasValue("1");
        assertThat(osd.get("b")).hasValue("2");
        assertThat(osd.get("c")).hasValue("3");
        assertThat(conf("osd.1", text).get("c")).hasValue("2");
        assertThat(conf("client.admin", text).get("c")).hasValue("1");
        assertThat(osd.with("c", "4").get("c")).hasValue("4");
        assertThat(osd.get("nothing")).isEmpty();
    }

    @Test
    void keysAreTheSameHoweverTheirWordsAreJoined() {
        CephConf conf = conf("client.admin", "[global]\nmon host = h\nlog-file=l\nosd_data =d\n");
        assertThat(conf.get("mon_host")).hasValue("h");
        assertThat(conf.get("log file")).hasValue("l");
        assertThat(conf.get("osd-data")).hasValue("d");
    }

    @Test
    void commentsQuotesAndContinuedLines() {
        CephConf conf =
                conf(
                        "client.admin",
                        """
                        # all of it
                        ; and this
                        [global]   # the section
                        a = one    ; rest
                        b = "two # not a comment"
                        c = th\\
                        ree
                        d = a \\# b
                        empty =
                        """);
        assertThat(conf.get("a")).hasValue("one");
        assertThat(conf.get("b")).hasValue("two # not a comment");
        assertThat(conf.get("c")).hasValue("three");
        assertThat(conf.get("d")).hasValue("a # b");
        assertThat(conf.get("empty")).hasValue("");
    }

    @Test
    void variablesAreExpanded() {
        CephConf conf =
                conf(
                        "osd.3",
                        """
                        [global]
                        base = /var/lib/$cluster
                        data = ${base}/$type-$id
                        log = $base/$name.log
                        odd = costs $5 and $nothing
                        loop = $loop
                        """);
        assertThat(conf.get("data")).hasValue("/var/lib/ceph/osd-3");
        assertThat(conf.get("log")).hasValue("/var/lib/ceph/osd.3.log");
        assertThat(conf.get("odd")).hasValue("costs $5 and $nothing");
        assertThat(conf.get("loop")).hasValue("$loop");
        assertThat(conf.get("missing", "/etc/$cluster/$name")).isEqualTo("/etc/ceph/osd.3");
    }

    @Test
    void aLineThatIsNothingIsNamed() {
        assertThatThrownBy(() -> conf("client.admin", "[global]\nfine = 1\nnot fine\n"))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("line 3")
                .hasMessageContaining("not fine");
    }

    @Test
    void numbersAreChecked() {
        CephConf conf = conf("client.admin", "[global]\nn = 12\nx = twelve\n");
        assertThat(conf.number("n", 1)).isEqualTo(12);
        assertThat(conf.number("m", 1)).isEqualTo(1);
        assertThatThrownBy(() -> conf.number("x", 1)).hasMessageContaining("twelve");
    }

    @Test
    void withoutMonitorsTheRemedyIsNamed() {
        assertThatThrownBy(() -> conf("client.admin", "[global]\n").monitors())
                .isInstanceOf(RadosException.class)
                .hasMessageContaining("mon_host");
    }
}
