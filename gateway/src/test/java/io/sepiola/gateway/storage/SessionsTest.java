package io.sepiola.gateway.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.gateway.FakeRados;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

class SessionsTest {
    /** At a thousand objects a second a gateway comes there within 25 and 50 days. */
    @Test
    void noTagIsGivenTwiceWhenTheirNumbersOutgrow32Bits() {
        for (long boundary : new long[] {1L << 31, 1L << 32}) {
            Sessions sessions = new Sessions(Pools.open(new FakeRados().rados()), boundary - 300);
            Set<Tag> tags = new HashSet<>();
            Set<String> names = new HashSet<>();
            tags.add(new Sessions(Pools.open(new FakeRados().rados()), 0).next());
            for (int i = 0; i < 600; i++) {
                Tag tag = sessions.next();
                assertThat(Tag.CODEC.fromBytes(Tag.CODEC.toBytes(tag))).isEqualTo(tag);
                assertThat(tag.number()).isEqualTo(boundary - 300 + i);
                tags.add(tag);
                names.add(tag.text());
                sessions.resolved(tag);
            }
            assertThat(tags).hasSize(601);
            assertThat(names).hasSize(600);
        }
    }
}
