package io.sepiola.cluster.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class SshInputTest {
    private final AtomicBoolean gaveUp = new AtomicBoolean();

    @Test
    void everythingIsSentAndThenTheEnd() throws IOException {
        byte[] content = new byte[100_001];
        new Random(1).nextBytes(content);
        AtomicBoolean closed = new AtomicBoolean();
        ByteArrayOutputStream host =
                new ByteArrayOutputStream() {
                    @Override
                    public void close() {
                        closed.set(true);
                    }
                };

        SshInput input =
                SshInput.begin(new ByteArrayInputStream(content), host, () -> gaveUp.set(true));

        assertThat(input.await()).isTrue();
        assertThat(host.toByteArray()).isEqualTo(content);
        assertThat(closed).isTrue();
        assertThat(gaveUp).isFalse();
    }

    @Test
    void aCommandThatReadsNoFurtherHasNotFailed() throws IOException {
        OutputStream gone =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("channel is broken");
                    }
                };

        SshInput input =
                SshInput.begin(new ByteArrayInputStream(new byte[5]), gone, () -> gaveUp.set(true));

        assertThat(input.await()).isFalse();
        assertThat(gaveUp).isFalse();
    }

    @Test
    void partOfAFileDoesNotPassForTheWhole() {
        InputStream breaks =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("the disk says no");
                    }
                };
        AtomicBoolean closed = new AtomicBoolean();
        OutputStream host =
                new ByteArrayOutputStream() {
                    @Override
                    public void close() {
                        closed.set(true);
                    }
                };

        SshInput input =
                SshInput.begin(
                        new SequenceInputStream(new ByteArrayInputStream(new byte[7]), breaks),
                        host,
                        () -> gaveUp.set(true));

        assertThatThrownBy(input::await)
                .isInstanceOf(IOException.class)
                .hasMessage("the disk says no");
        assertThat(gaveUp).isTrue();
        assertThat(closed).isFalse();
    }
}
