package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

final class LocalLogTest extends ReplicatedLogContract {
    @TempDir Path directory;

    @Override
    ReplicatedLog open() throws IOException {
        return new LocalLog(directory, Runnable::run, owner);
    }

    @Test
    void everyTornTailIsCutOff() throws Exception {
        append("first");
        byte[] one = Files.readAllBytes(directory.resolve("log-0"));
        append("second");
        byte[] two = Files.readAllBytes(directory.resolve("log-0"));
        for (int size = one.length; size < two.length; size++) {
            reopenWith(Arrays.copyOf(two, size));
            assertThat(reopen().records()).extracting(Bytes::toUtf8).containsExactly("first");
            assertThat(directory.resolve("log-0")).hasSize(one.length);
        }
    }

    @Test
    void aZeroedTailIsCutOff() throws Exception {
        append("first");
        byte[] one = Files.readAllBytes(directory.resolve("log-0"));
        reopenWith(Arrays.copyOf(one, one.length + 4096));
        // Zeros are a sound frame of nothing but for their checksum.
        assertThat(reopen().records()).hasSize(1);
    }

    @Test
    void damageInTheMiddleIsRefused() throws Exception {
        append("first");
        append("second");
        byte[] two = Files.readAllBytes(directory.resolve("log-0"));
        two[17] ^= 1;
        Files.write(directory.resolve("log-0"), two);
        assertThatThrownBy(this::reopen)
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void aDamagedSnapshotIsRefused() throws Exception {
        append("first");
        snapshot(1, "state");
        Path file = directory.resolve("snapshot-1");
        byte[] content = Files.readAllBytes(file);
        content[content.length - 1] ^= 1;
        Files.write(file, content);
        assertThatThrownBy(this::reopen)
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void aSecondOpeningIsRefused() {
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in use");
    }

    private void reopenWith(byte[] content) throws IOException {
        Files.write(directory.resolve("log-0"), content);
    }
}
