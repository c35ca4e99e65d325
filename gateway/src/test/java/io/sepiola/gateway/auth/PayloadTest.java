package io.sepiola.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.gateway.protocol.S3Exception;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The chunked upload of Amazon's documentation, and checksums of the usual nine digits. */
class PayloadTest {
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private static final Caller.Chain CHAIN =
            new Caller.Chain(
                    Signature.signingKey(SECRET, "20130524", "us-east-1"),
                    "20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n",
                    "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");

    private static byte[] documented() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] letters = new byte[66560];
        Arrays.fill(letters, (byte) 'a');
        line(
                body,
                "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
        body.write(letters, 0, 65536);
        line(body, "");
        line(
                body,
                "400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497");
        body.write(letters, 0, 1024);
        line(body, "");
        line(
                body,
                "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9");
        line(body, "");
        return body.toByteArray();
    }

    private static void line(ByteArrayOutputStream out, String line) {
        out.writeBytes((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static int readAll(byte[] body) {
        ByteArrayInputStream in = new ByteArrayInputStream(body);
        ChunkedPayload payload = new ChunkedPayload(in::read, PayloadForm.CHUNKS_SIGNED, CHAIN);
        byte[] target = new byte[7000];
        int size = 0;
        for (int got = payload.read(target, 0, target.length);
                got >= 0;
                got = payload.read(target, 0, target.length)) {
            size += got;
        }
        return size;
    }

    @Test
    void documentedChunksAreAccepted() {
        assertThat(readAll(documented())).isEqualTo(66560);
    }

    @Test
    void anyByteChangedIsRefused() {
        byte[] good = documented();
        for (int at : new int[] {0, 5, 30, 90, 5000, 65626, 65640, 66690, good.length - 1}) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            assertThatThrownBy(() -> readAll(bad))
                    .as("byte %s", at)
                    .isInstanceOf(S3Exception.class);
        }
    }

    @Test
    void anyCutIsRefused() {
        byte[] good = documented();
        for (int size : new int[] {0, 1, 85, 87, 70000 - 4500, good.length - 3, good.length - 1}) {
            assertThatThrownBy(() -> readAll(Arrays.copyOf(good, size)))
                    .as("%s bytes", size)
                    .isInstanceOf(S3Exception.class);
        }
    }

    @Test
    void checksumsHaveTheirKnownValues() {
        assertThat(of(ChecksumAlgorithm.CRC32)).isEqualTo("y/Q5Jg==");
        assertThat(of(ChecksumAlgorithm.CRC32C)).isEqualTo("4waSgw==");
        assertThat(of(ChecksumAlgorithm.CRC64NVME)).isEqualTo("rosUhgp5mIg=");
        assertThat(of(ChecksumAlgorithm.SHA1)).isEqualTo("98O8HYCOBHMq32eZZczDTKeuNEE=");
    }

    private static String of(ChecksumAlgorithm algorithm) {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        ChecksumAlgorithm.Running running = algorithm.start();
        running.update(digits, 0, 9);
        return running.value();
    }

    @Test
    void crc64IsTheSameByBytesAndByEights() {
        byte[] bytes = new byte[1003];
        new java.util.Random(1).nextBytes(bytes);
        Crc64Nvme whole = new Crc64Nvme();
        whole.update(bytes, 3, 1000);
        Crc64Nvme single = new Crc64Nvme();
        for (int i = 3; i < 1003; i++) {
            single.update(bytes[i]);
        }
        assertThat(whole.getValue()).isEqualTo(single.getValue());
    }
}
