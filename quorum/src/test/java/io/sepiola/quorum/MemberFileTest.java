package io.sepiola.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class MemberFileTest {
    @TempDir private Path directory;

    @Test
    void isFoundAgain() throws IOException {
        assertThat(MemberFile.load(directory)).isEmpty();
        MemberFile file = new MemberFile("a@00000000000000aa", List.of("a", "b"), false);
        file.save(directory);
        assertThat(MemberFile.load(directory)).contains(file);
        MemberFile later = new MemberFile("a@00000000000000aa", List.of(), true);
        later.save(directory);
        assertThat(MemberFile.load(directory)).contains(later);
    }

    @Test
    void everyDamageIsNoticed() throws IOException {
        new MemberFile("a@00000000000000aa", List.of("a", "b"), true).save(directory);
        Path file = directory.resolve("member");
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 4;
            Files.write(file, flipped);
            assertThatThrownBy(() -> MemberFile.load(directory))
                    .as("byte %d", at)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("member is damaged");
            Files.write(file, java.util.Arrays.copyOf(whole, at));
            assertThatThrownBy(() -> MemberFile.load(directory))
                    .as("cut at byte %d", at)
                    .isInstanceOf(IOException.class);
        }
    }
}
