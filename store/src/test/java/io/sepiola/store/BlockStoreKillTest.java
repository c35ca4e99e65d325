package io.sepiola.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.ThreadShard;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.Transaction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process is killed in the middle of its writing; the next finds what was acknowledged. */
class BlockStoreKillTest {
    private static final int ROUND_COUNT = Integer.getInteger("store.kill.rounds", 3);
    private static final int ACKNOWLEDGED_MIN = 1500;

    @TempDir Path directory;
    private final int[] acknowledged = new int[KilledWriter.COLLECTION_COUNT];
    private final int[] found = new int[KilledWriter.COLLECTION_COUNT];

    @Test
    void killedWritersLoseNothing() throws IOException, InterruptedException {
        Path osd = directory.resolve("osd");
        BlockStore.format(osd, KilledWriter.OWNER, 3, 256 << 20);
        try (StoreMemory cache = new StoreMemory(8 << 20)) {
            makeCollections(osd, cache);
            for (int round = 0; round < ROUND_COUNT; round++) {
                writeUntilKilled(osd, ACKNOWLEDGED_MIN * (round + 1));
                BlockStore store = KilledWriter.open(osd, cache);
                for (int i = 0; i < KilledWriter.COLLECTION_COUNT; i++) {
                    verify(store, i);
                }
                assertThat(store.check()).isEmpty();
                store.close();
            }
        }
    }

    private void makeCollections(Path osd, StoreMemory cache) {
        BlockStore store = KilledWriter.open(osd, cache);
        try (ThreadShard shard = new ThreadShard("test", (s, failure) -> {})) {
            List<Transaction.Op> ops = new ArrayList<>();
            for (int i = 0; i < KilledWriter.COLLECTION_COUNT; i++) {
                CollectionId collection = KilledWriter.collection(i);
                ops.add(new Transaction.MakeCollection(collection, 0));
                ops.add(new Transaction.Touch(collection, KilledWriter.JOURNAL));
            }
            store.submit(new Transaction(ops), shard, () -> {});
            store.close();
        }
    }

    private void writeUntilKilled(Path osd, int enough) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx256m",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                KilledWriter.class.getName(),
                                osd.toString()));
        for (int last : found) {
            command.add("" + (last + 1));
        }
        Process writer =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8)) {
            int count = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.matches("\\d \\d+")) {
                    String[] pair = line.split(" ");
                    acknowledged[Integer.parseInt(pair[0])] = Integer.parseInt(pair[1]);
                }
                if (++count == enough) {
                    writer.toHandle().destroyForcibly(); // leaves what it said to be read
                }
            }
        }
        assertThat(writer.waitFor()).isEqualTo(137); // by SIGKILL, not by a failure of its own
    }

    private void verify(BlockStore store, int index) {
        CollectionId in = KilledWriter.collection(index);
        Map<String, Bytes> journal =
                store.omap(in, KilledWriter.JOURNAL, "", "", Integer.MAX_VALUE).entries();
        int last = journal.size();
        assertThat(last).isGreaterThanOrEqualTo(acknowledged[index]);
        for (int number = 1; number <= last; number++) {
            assertThat(journal.get(KilledWriter.key(number)))
                    .isEqualTo(Bytes.utf8("entry " + number));
        }
        for (int number = Math.max(1, last - KilledWriter.OBJECT_COUNT + 1);
                number <= last;
                number++) {
            var object = KilledWriter.object(number % KilledWriter.OBJECT_COUNT);
            assertThat(store.attr(in, object, "number")).contains(Bytes.utf8("" + number));
            assertThat(store.read(in, object, 0, 1 << 20)).isEqualTo(KilledWriter.data(number));
        }
        found[index] = last;
    }
}
