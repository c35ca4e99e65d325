package io.sepiola.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.osd.scrub.ScrubKind;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** Scrubs that somebody asks for. */
class WantedScrubTest {
    private static final PgId PG = new PgId(GroupWorld.POOL, 0);
    private static final ScrubKind DEEP = new ScrubKind(true, false, false, true);
    private static final ScrubKind REPAIR = new ScrubKind(true, true, false, true);

    private static void await(GroupWorld world, List<String> log, String text) {
        boolean said =
                world.simulation.runUntil(
                        () -> log.stream().anyMatch(line -> line.contains(text)),
                        Duration.ofSeconds(20));
        assertThat(said).as("%s in %s", text, log).isTrue();
    }

    @Test
    void aRepairThatIsAskedForDuringAScrubFollowsIt() {
        GroupWorld world = new GroupWorld(1, 3, 3, 2, 1, PgOptions.DEFAULT);
        assertThat(world.simulation.runUntil(world::isAllClean, Duration.ofSeconds(20))).isTrue();
        GroupWorld.Node node = world.nodes.get(world.map.map(PG).actingPrimary());
        Pg pg = node.groups.get(SpgId.replicated(PG));
        List<String> log = ((ScrubWorld) pg.host().scrubs()).log;

        node.shard.execute(() -> {
            pg.scrubbing().want(DEEP);
            pg.scrubbing().look();
            pg.scrubbing().want(REPAIR);
        });
        await(world, log, "deep-scrub ok");
        node.shard.execute(pg.scrubbing()::look);
        await(world, log, "repair ok");
        assertThat(pg.scrubbing().isWanted()).isFalse();
    }
}
