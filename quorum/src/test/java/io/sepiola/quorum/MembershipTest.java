package io.sepiola.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

class MembershipTest {
    private static final String A = "a@00000000000000aa";
    private static final String B = "b@00000000000000bb";
    private static final String C = "c@00000000000000cc";
    private static final String C2 = "c@0000000000000002";
    private static final String D = "d@00000000000000dd";

    private static Membership.Step next(
            List<String> members, List<String> names, Map<String, String> waiting) {
        return Membership.next(members, A, names, waiting);
    }

    private static Membership.Step to(String... members) {
        return new Membership.Change(new TreeSet<>(List.of(members)));
    }

    @Test
    void nothingWhenAllIsWell() {
        assertThat(next(List.of(A, B, C), List.of("a", "b", "c"), Map.of()))
                .isEqualTo(new Membership.Nothing());
    }

    @Test
    void aNewMonitorComesWhenItWaitsForIt() {
        List<String> names = List.of("a", "b", "c", "d");
        assertThat(next(List.of(A, B, C), names, Map.of())).isEqualTo(new Membership.Nothing());
        assertThat(next(List.of(A, B, C), names, Map.of("d", D))).isEqualTo(to(A, B, C, D));
        assertThat(next(List.of(A, B, C), List.of("a", "b", "c"), Map.of("d", D)))
                .as("nobody wants it")
                .isEqualTo(new Membership.Nothing());
    }

    @Test
    void whoIsToGoGoesFirstAndOneAtATime() {
        assertThat(next(List.of(A, B, C), List.of("a", "d"), Map.of("d", D))).isEqualTo(to(A, C));
        assertThat(next(List.of(A, C), List.of("a", "d"), Map.of("d", D))).isEqualTo(to(A));
        assertThat(next(List.of(A), List.of("a", "d"), Map.of("d", D))).isEqualTo(to(A, D));
    }

    @Test
    void aStoreMadeAgainTakesThePlaceOfTheLostOne() {
        assertThat(next(List.of(A, B, C), List.of("a", "b", "c"), Map.of("c", C2)))
                .isEqualTo(to(A, B, C2));
        assertThat(next(List.of(A, B, C2), List.of("a", "b", "c"), Map.of("c", C2)))
                .isEqualTo(new Membership.Nothing());
    }

    @Test
    void aLeaderThatIsToGoLetsAnotherLead() {
        assertThat(next(List.of(A, B, C), List.of("b", "c"), Map.of()))
                .isEqualTo(new Membership.HandOver());
        assertThat(next(List.of(A, B, C), List.of("b"), Map.of()))
                .as("after whatever else there is to do")
                .isEqualTo(to(A, B));
    }
}
