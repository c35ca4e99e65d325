package io.sepiola.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

class FormationTest {
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final String A = "a@00000000000000aa";
    private static final String B = "b@00000000000000bb";
    private static final String C = "c@00000000000000cc";
    private static final String C2 = "c@0000000000000002";

    private static MemberFile open(String id) {
        return new MemberFile(id, List.of(), false);
    }

    private static Introduction fresh(String id) {
        return Introduction.of(open(id), false, NAMES);
    }

    private static Introduction begun(String id) {
        return Introduction.of(new MemberFile(id, List.of(A, B, C), false), true, NAMES);
    }

    private static Optional<MemberFile> decide(
            String self, List<String> names, Map<String, Introduction> heard) {
        return Formation.decide(open(self), names, heard);
    }

    @Test
    void aLogBeginsWhenAllSayThatTheyHaveNone() {
        assertThat(decide(A, NAMES, Map.of())).isEmpty();
        assertThat(decide(A, NAMES, Map.of("b", fresh(B)))).as("c may have one").isEmpty();
        assertThat(decide(A, NAMES, Map.of("b", fresh(B), "c", fresh(C))))
                .contains(new MemberFile(A, List.of(A, B, C), false));
    }

    @Test
    void whoeverKnowsOfOtherMonitorsIsWaitedFor() {
        Introduction other = Introduction.of(open(C), false, List.of("a", "b", "c", "d"));
        assertThat(decide(A, NAMES, Map.of("b", fresh(B), "c", other))).isEmpty();
    }

    @Test
    void whoeverIsAmongThoseWhoBeganBegins() {
        assertThat(decide(C, NAMES, Map.of("a", begun(A))))
                .contains(new MemberFile(C, List.of(A, B, C), false));
    }

    @Test
    void aStoreMadeAgainWaits() {
        assertThat(decide(C2, NAMES, Map.of("a", begun(A))))
                .contains(new MemberFile(C2, List.of(), true));
        assertThat(decide(C2, NAMES, Map.of("a", begun(A), "b", fresh(B))))
                .contains(new MemberFile(C2, List.of(), true));
    }

    /** Where none of those is left who began. */
    @Test
    void aStoreMadeAgainWaitsAmongThoseWhoCameLater() {
        MemberFile later = new MemberFile(A, List.of(), true);
        Introduction member = Introduction.of(later, true, NAMES);
        Introduction waiting = Introduction.of(later, false, NAMES);
        Introduction again = fresh("b@0000000000000002");
        assertThat(decide(C2, NAMES, Map.of("a", member, "b", again)))
                .contains(new MemberFile(C2, List.of(), true));
        assertThat(decide(C2, NAMES, Map.of("a", waiting, "b", again))).isEmpty();
        Introduction heard = Introduction.CODEC.fromBytes(Introduction.CODEC.toBytes(member));
        assertThat(heard).isEqualTo(member);
    }

    @Test
    void twoStoresMadeAgainBeginNothingWithoutTheThird() {
        Introduction again = fresh("b@0000000000000002");
        assertThat(decide(C2, NAMES, Map.of("b", again))).isEmpty();
    }

    @Test
    void aNewMonitorWaits() {
        String self = "d@00000000000000dd";
        assertThat(decide(self, NAMES, Map.of())).contains(new MemberFile(self, List.of(), true));
        List<String> withIt = List.of("a", "b", "c", "d");
        assertThat(decide(self, withIt, Map.of())).isEmpty();
        assertThat(decide(self, withIt, Map.of("b", begun(B))))
                .contains(new MemberFile(self, List.of(), true));
    }

    @Test
    void oneAloneBeginsAtOnce() {
        assertThat(decide(A, List.of("a"), Map.of()))
                .contains(new MemberFile(A, List.of(A), false));
    }

    @Test
    void idsHoldTheName() {
        assertThat(PeerId.name(A)).isEqualTo("a");
        assertThat(PeerId.name(PeerId.fresh("host.example"))).isEqualTo("host.example");
        assertThat(PeerId.fresh("a")).isNotEqualTo(PeerId.fresh("a"));
        assertThat(PeerId.name("a")).as("of before there were lives").isEqualTo("a");
        assertThat(PeerId.name("odd@name")).isEqualTo("odd@name");
        assertThat(PeerId.name("@0123456789abcdef")).isEqualTo("@0123456789abcdef");
    }
}
