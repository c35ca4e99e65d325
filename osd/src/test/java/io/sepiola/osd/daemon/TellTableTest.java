package io.sepiola.osd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

/** The names of what an OSD is told, and how clients are to check them. */
class TellTableTest {
    private final TellTable table = new TellTable();

    @Test
    void argumentsAreDescribedAsClientsReadThem() {
        table.add("config set", "var:CephString val:CephString:N", "sets", request -> null);
        table.add("count", "count:CephInt:opt how:CephChoices=a|b", "counts", request -> null);
        assertThat(table.descriptions().toString())
                .isEqualTo(
                        "{cmd000={sig=[config, set, {name=var, type=CephString},"
                                + " {name=val, type=CephString, n=N}],"
                                + " help=sets, module=osd, perm=rw, flags=0},"
                                + " cmd001={sig=[count, {name=count, type=CephInt, req=false},"
                                + " {name=how, type=CephChoices, strings=a|b}],"
                                + " help=counts, module=osd, perm=rw, flags=0}}");
    }

    @Test
    void aCommandIsFoundByItsWholeName() {
        table.add("config set", "", "sets", request -> "set");
        assertThat(table.find("config set")).isPresent();
        assertThat(table.find("config")).isEmpty();
        assertThat(table.help()).containsExactly(Map.entry("config set", "sets"));
    }
}
