package io.sepiola.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Malformed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Words against the 584 signatures of a real monitor; the JSON is what the genuine program sends.
 */
class CommandTableTest {
    private final CommandTable table = GoldenCommands.table();

    CommandTableTest() throws IOException {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    status                                   | {"prefix":"status"}
                    health                                   | {"prefix":"health"}
                    health detail                            | {"prefix":"health","detail":"detail"}
                    osd tree                                 | {"prefix":"osd tree"}
                    osd tree up in                           | {"prefix":"osd tree","states":["up","in"]}
                    osd pool create HPC_Pool 128 128         | {"prefix":"osd pool create","pool":"HPC_Pool","pg_num":128,"pgp_num":128}
                    osd pool create p --size=2 --pg-num 8    | {"prefix":"osd pool create","pool":"p","pg_num":8,"size":2}
                    osd pool create p erasure                | {"prefix":"osd pool create","pool":"p","pool_type":"erasure"}
                    osd pool create e 8 8 erasure ec21       | {"prefix":"osd pool create","pool":"e","pg_num":8,"pgp_num":8,"pool_type":"erasure","erasure_code_profile":"ec21"}
                    osd pool set HPC_Pool size 3             | {"prefix":"osd pool set","pool":"HPC_Pool","var":"size","val":"3"}
                    osd pool set p size 1 --yes-i-really-mean-it | {"prefix":"osd pool set","pool":"p","var":"size","val":"1","yes_i_really_mean_it":true}
                    osd pool get p1 size                     | {"prefix":"osd pool get","pool":"p1","var":"size"}
                    osd pool ls detail                       | {"prefix":"osd pool ls","detail":"detail"}
                    osd pool rename p1 p2                    | {"prefix":"osd pool rename","srcpool":"p1","destpool":"p2"}
                    osd pool delete p p --yes-i-really-really-mean-it | {"prefix":"osd pool delete","pool":"p","pool2":"p","yes_i_really_really_mean_it":true}
                    osd map HPC_Pool object1                 | {"prefix":"osd map","pool":"HPC_Pool","object":"object1"}
                    osd map p o ns                           | {"prefix":"osd map","pool":"p","object":"o","nspace":"ns"}
                    osd out osd.2                            | {"prefix":"osd out","ids":["osd.2"]}
                    osd down 0 1                             | {"prefix":"osd down","ids":["0","1"]}
                    osd down 0 --definitely-dead             | {"prefix":"osd down","ids":["0"],"definitely_dead":true}
                    osd reweight 2 0.9                       | {"prefix":"osd reweight","id":2,"weight":0.9}
                    osd reweight osd.2 0.9                   | {"prefix":"osd reweight","id":2,"weight":0.9}
                    osd crush reweight osd.0 0.5             | {"prefix":"osd crush reweight","name":"osd.0","weight":0.5}
                    osd crush create-or-move 0 0.0078 host=H root=default | {"prefix":"osd crush create-or-move","id":0,"weight":0.0078,"args":["host=H","root=default"]}
                    osd crush set-device-class hdd 0         | {"prefix":"osd crush set-device-class","class":"hdd","ids":["0"]}
                    osd find 0                               | {"prefix":"osd find","id":0}
                    osd set noout                            | {"prefix":"osd set","key":"noout"}
                    osd erasure-code-profile set ec21 k=2 m=1 | {"prefix":"osd erasure-code-profile set","name":"ec21","profile":["k=2","m=1"]}
                    osd blocklist ls                         | {"prefix":"osd blocklist ls"}
                    osd new 2d7b1e0a-53a8-4f7a-9f43-9a0c1d1f6e11 0 | {"prefix":"osd new","uuid":"2d7b1e0a-53a8-4f7a-9f43-9a0c1d1f6e11","id":0}
                    auth get-or-create client.t1 mon `allow r` | {"prefix":"auth get-or-create","entity":"client.t1","caps":["mon","allow r"]}
                    auth get client.admin                    | {"prefix":"auth get","entity":"client.admin"}
                    auth ls                                  | {"prefix":"auth ls"}
                    config set osd osd_max_backfills 2       | {"prefix":"config set","who":"osd","name":"osd_max_backfills","value":"2"}
                    config get osd.0 osd_max_backfills       | {"prefix":"config get","who":"osd.0","key":"osd_max_backfills"}
                    config-key set a b                       | {"prefix":"config-key set","key":"a","val":"b"}
                    log hello world                          | {"prefix":"log","logtext":["hello","world"]}
                    log last 5                               | {"prefix":"log last","num":5}
                    pg dump                                  | {"prefix":"pg dump","target":["mon-mgr",""]}
                    pg dump pgs_brief                        | {"prefix":"pg dump","dumpcontents":["pgs_brief"],"target":["mon-mgr",""]}
                    pg dump pgs,osds                         | {"prefix":"pg dump","dumpcontents":["pgs","osds"],"target":["mon-mgr",""]}
                    pg map 1.0                               | {"prefix":"pg map","pgid":"1.0"}
                    pg scrub 1.0                             | {"prefix":"pg scrub","pgid":"1.0","target":["mon-mgr",""]}
                    osd df                                   | {"prefix":"osd df","target":["mon-mgr",""]}
                    osd df tree                              | {"prefix":"osd df","output_method":"tree","target":["mon-mgr",""]}
                    osd ok-to-stop 0                         | {"prefix":"osd ok-to-stop","ids":["0"],"target":["mon-mgr",""]}
                    df detail                                | {"prefix":"df","detail":"detail"}
                    mon dump                                 | {"prefix":"mon dump"}
                    versions                                 | {"prefix":"versions"}
                    """)
    void words(String words, String json) {
        CommandTable.Outcome outcome = table.match(ShellWords.split(words.replace('`', '"')));
        assertThat(outcome).isInstanceOf(CommandTable.Outcome.Found.class);
        Map<String, Object> members = ((CommandTable.Outcome.Found) outcome).members();
        assertThat(JsonText.write(new TreeMap<>(members)))
                .isEqualTo(JsonText.write(new TreeMap<>((Map<?, ?>) JsonText.read(json))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    osd pool create                  | missing required parameter pool(<poolname>)
                    osd pool create p 8 8 replicated a b c d | unused arguments
                    osd pool get p1 foo              | foo not in size|min_size
                    osd reweight 0 1.5               | 1.5 not in range [0.0, 1.0]
                    osd reweight x 0.5               | osd id x not integer
                    osd crush reweight osd.0 abc     | abc doesn't represent a float
                    pg map 10                        | pgid has no .
                    osd pool set p                   | missing required parameter var
                    osd tree --nonsense              | Unexpected argument '--nonsense'
                    osd new x                        | invalid UUID x
                    """)
    void wrongArguments(String words, String reason) {
        CommandTable.Outcome outcome = table.match(List.of(words.split(" ")));
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        CommandTable.Outcome.Refused.class,
                        refused -> {
                            assertThat(refused.lines().getFirst())
                                    .startsWith("Invalid command: ")
                                    .contains(reason);
                            assertThat(refused.lines()).hasSize(2);
                        });
    }

    @Test
    void whatIsNoCommandGetsTheClosestOnes() {
        CommandTable.Outcome outcome = table.match(List.of("osd", "pool", "bogus"));
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        CommandTable.Outcome.Refused.class,
                        refused -> {
                            assertThat(refused.lines().getFirst())
                                    .isEqualTo("no valid command found; 10 closest matches:");
                            assertThat(refused.lines().subList(1, 11))
                                    .allMatch(line -> line.startsWith("osd pool "));
                        });
    }

    @Test
    void everySignatureIsShown() {
        assertThat(table.signatures()).hasSize(584);
        assertThat(table.signatures().stream().map(Signature::concise))
                .contains(
                        "osd pool delete <pool> [<pool2>] [--yes-i-really-really-mean-it]"
                                + " [--yes-i-really-really-mean-it-not-faking]",
                        "osd reweight <id|osd.id> <weight:float>",
                        "pg map <pgid>",
                        "osd out <ids>...");
    }

    @Test
    void anOptionalWordIsPassedOverWhenItsCharactersDoNotFit() {
        CommandTable read =
                CommandTable.parse(
                        """
                        {"a":{"sig":["osd","blocklist",
                        {"name":"range","type":"CephString","goodchars":"[range]","req":"false"},
                        {"name":"blocklistop","type":"CephChoices","strings":"add|rm"},
                        {"name":"addr","type":"CephEntityAddr"},
                        {"name":"expire","type":"CephFloat","range":"0.0","req":"false"}]}}
                        """);
        assertThat(read.match(List.of("osd", "blocklist", "add", "127.0.0.1:0/777", "10")))
                .isInstanceOfSatisfying(
                        CommandTable.Outcome.Found.class,
                        found ->
                                assertThat(JsonText.write(found.members()))
                                        .isEqualTo(
                                                "{\"prefix\": \"osd blocklist\", \"blocklistop\":"
                                                        + " \"add\", \"addr\": \"127.0.0.1:0/777\","
                                                        + " \"expire\": 10.0}"));
        assertThat(read.match(List.of("osd", "blocklist", "range", "rm", "1.2.3.4")))
                .isInstanceOf(CommandTable.Outcome.Found.class);
        assertThat(read.match(List.of("osd", "blocklist", "add", "1.2.3.400")))
                .isInstanceOf(CommandTable.Outcome.Refused.class);
    }

    @Test
    void descriptionsAreReadAsTheMonitorSendsThem() {
        CommandTable read =
                CommandTable.parse(
                        """
                        {"cmd000":{"sig":["pg","map",{"name":"pgid","type":"CephPgid"}],
                        "help":"show mapping of pg to osds","module":"pg","perm":"r","flags":0},
                        "cmd001":{"sig":["osd","ls",{"name":"n","type":"CephInt","range":"0|10",
                        "req":"false"}]}}
                        """);
        assertThat(read.signatures()).hasSize(2);
        assertThat(read.match(List.of("osd", "ls", "11")))
                .isInstanceOf(CommandTable.Outcome.Refused.class);
        assertThatThrownBy(() -> CommandTable.parse("[]")).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> CommandTable.parse("{\"a\":{}}")).isInstanceOf(Malformed.class);
    }
}
