package io.sepiola.protocol.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Malformed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

/** XML as Ceph 16.2.15 wrote it for the same commands. */
class XmlDumpTest {
    private static String xml(String command, String json) {
        return XmlDump.of("", command, Map.of(), json, "xml");
    }

    @Test
    void elementsHaveTheNamesOfMembersAndArraysTheirOwn() {
        assertThat(xml("osd tree", "{\"nodes\":[{\"id\":-1,\"children\":[-3]}],\"stray\":[]}"))
                .isEqualTo(
                        "<tree><nodes><item><id>-1</id><children><child>-3</child></children>"
                                + "</item></nodes><stray></stray></tree>");
    }

    @Test
    void prettyPutsOneBlankForEachLevelAndEmptySectionsOnTwoLines() {
        String json = "{\n    \"a b\": \"x\",\n    \"mutes\": [],\n    \"n\": 0.25\n}\n";
        assertThat(XmlDump.of("", "health", Map.of(), json, "xml-pretty"))
                .isEqualTo(
                        """
                        <health>
                         <a_b>x</a_b>
                         <mutes>
                         </mutes>
                         <n>0.25</n>
                        </health>

                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "pg map    | {\"acting\":[1]} |"
                        + " <pg_map><acting><acting_osd>1</acting_osd></acting></pg_map>",
                "osd map   | {\"acting\":[1]} | <osd_map><acting><osd>1</osd></acting></osd_map>",
                "status    | {\"quorum\":[0]} | <status><quorum><rank>0</rank></quorum></status>",
                "mon dump  | {\"quorum\":[0]} | <monmap><quorum><mon>0</mon></quorum></monmap>",
                "osd ls    | [0,1]            | <osds><osd>0</osd><osd>1</osd></osds>",
                "osd info  | [{}]             | <osds><osd_info></osd_info></osds>",
                "osd info  | {\"osd\":0}      | <osd_info><osd>0</osd></osd_info>",
                "config dump | [{}]           | <config><option></option></config>",
                "config show | [{}]           | <config><value></value></config>",
                "osd pool ls | [\"rp\"]       | <pools><pool_name>rp</pool_name></pools>",
                "osd pool ls | [{}]           | <pools><pool></pool></pools>",
                "node ls   | {\"mon\":{\"h\":[\"a\"]}} |"
                        + " <nodes><mon><h><mon>a</mon></h></mon></nodes>",
            })
    void theSameArrayIsNamedByItsCommand(String command, String json, String xml) {
        assertThat(xml(command, json)).isEqualTo(xml);
    }

    @Test
    void arraysInArraysHaveNamesToo() {
        String set = "{\"4\":[{\"bucket_id\":-1,\"weight_set\":[[1.5]]}]}";
        assertThat(xml("osd crush weight-set dump", set))
                .isEqualTo(
                        "<choose_args><4><choose_args><bucket_id>-1</bucket_id><weight_set>"
                                + "<weights><weight>1.5</weight></weights></weight_set>"
                                + "</choose_args></4></choose_args>");
    }

    @Test
    void argumentsNameTheOutermost() {
        assertThat(XmlDump.of("", "node ls", Map.of("type", "osd"), "{\"h\":[0]}", "xml"))
                .isEqualTo("<osd><h><osd>0</osd></h></osd>");
        assertThat(XmlDump.of("", "node ls", Map.of("type", "all"), "{}", "xml"))
                .isEqualTo("<nodes></nodes>");
    }

    @Test
    void whatIsToldIsNamedByTheCommand() {
        assertThat(XmlDump.of("osd", "config get", Map.of(), "{\"a\":\"1\"}", "xml"))
                .isEqualTo("<config_get><a>1</a></config_get>");
        assertThat(XmlDump.of("osd", "ops", Map.of(), "{\"ops\":[{}]}", "xml"))
                .isEqualTo("<ops_in_flight><ops><op></op></ops></ops_in_flight>");
    }

    @Test
    void lettersOfXmlAreEscaped() {
        assertThat(xml("fsid", "{\"fsid\":\"<'&\\\"> \\\\ \\u0001 \\u00e9\"}"))
                .isEqualTo("<fsid><fsid>&lt;&apos;&amp;&quot;&gt; \\ &#x01; é</fsid></fsid>");
    }

    @Test
    void whatIsNoTreeOrNotCephsToBeXmlStaysAsItIs() {
        assertThat(xml("osd pool ls", "rp\n")).isEqualTo("rp\n");
        assertThat(xml("balancer status", "{\"active\":true}")).isEqualTo("{\"active\":true}");
        assertThat(XmlDump.of("osd", "flush_pg_stats", Map.of(), "7", "xml")).isEqualTo("7");
    }

    @Test
    void anEndTooEarlyIsSaid() {
        assertThatThrownBy(() -> xml("fsid", "{\"fsid\":")).isInstanceOf(Malformed.class);
    }
}
