package io.sepiola.cluster.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Await;
import io.sepiola.base.ThreadShard;
import io.sepiola.osd.Osd;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.store.BlockStore;
import io.sepiola.store.StoreMemory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.UUID;

/** Making an OSD's store, with crashes in between. */
class OsdHomeTest {
    private static final UUID CLUSTER = new UUID(1, 2);
    private static final UUID OWNER = new UUID(3, 4);
    private static final long BYTES = 64 << 20;

    @TempDir Path directory;
    private final StoreMemory memory = new StoreMemory(1 << 20);
    private final ThreadShard shard = new ThreadShard("test", (where, failure) -> {});

    private void isMade(OsdHome home) {
        home.format(CLUSTER, OWNER, BYTES, memory, shard);
        assertThat(home.isFormatted()).isTrue();
        assertThat(home.fsid()).isEqualTo(OWNER);
        try (BlockStore store = home.open(memory, 0, failure -> {})) {
            assertThat(store.exists(CollectionId.META)).isTrue();
        }
    }

    @Test
    void isMadeInADirectoryThatIsNotThere() {
        isMade(new OsdHome(directory.resolve("a/b/osd.0"), 0));
    }

    @Test
    void afterACrashBeforeTheStoreWasTheOsdsItIsMade() {
        OsdHome home = new OsdHome(directory.resolve("osd.0"), 0);
        BlockStore.format(home.path(), OWNER, 0, BYTES);
        assertThat(home.isFormatted()).isFalse();
        isMade(home);
    }

    @Test
    void afterACrashBeforeItWasMarkedAsCompleteItIsMade() {
        OsdHome home = new OsdHome(directory.resolve("osd.0"), 0);
        BlockStore.format(home.path(), OWNER, 0, BYTES);
        try (BlockStore store =
                BlockStore.open(
                        new BlockStore.Options(home.path(), OWNER, 0, 0, memory, failure -> {}))) {
            Await.on(Osd.mkfs(store, shard, CLUSTER, 0, OWNER));
        }
        assertThat(home.isFormatted()).isFalse();
        isMade(home);
    }

    @AfterEach
    void close() {
        shard.close();
        memory.close();
    }
}
