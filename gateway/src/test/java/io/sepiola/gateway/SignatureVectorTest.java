package io.sepiola.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Clock;
import io.sepiola.gateway.auth.Account;
import io.sepiola.gateway.auth.Authenticator;
import io.sepiola.gateway.auth.Caller;
import io.sepiola.gateway.http.Headers;
import io.sepiola.gateway.http.HttpRequest;
import io.sepiola.gateway.protocol.PercentCode;
import io.sepiola.gateway.protocol.Query;
import io.sepiola.gateway.protocol.S3Exception;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Requests signed by others: Amazon's documentation and its Python library. */
class SignatureVectorTest {
    private record Vector(String name, Instant time, String secret, HttpRequest request) {}

    private static List<Vector> vectors() throws IOException {
        byte[] file;
        try (var in = SignatureVectorTest.class.getResourceAsStream("/signed-requests.txt")) {
            file = Objects.requireNonNull(in).readAllBytes();
        }
        List<Vector> vectors = new ArrayList<>();
        for (String block : new String(file, StandardCharsets.ISO_8859_1).split("\n\n")) {
            String[] lines = block.strip().split("\n");
            String[] first = lines[1].split(" ");
            Headers headers = new Headers();
            for (int i = 3; i < lines.length; i++) {
                int colon = lines[i].indexOf(": ");
                headers.add(lines[i].substring(0, colon), lines[i].substring(colon + 2));
            }
            int question = first[1].indexOf('?');
            String path = question < 0 ? first[1] : first[1].substring(0, question);
            String query = question < 0 ? "" : first[1].substring(question + 1);
            String[] keys = lines[2].split(" ");
            vectors.add(
                    new Vector(
                            lines[0],
                            Instant.parse(keys[0]),
                            keys[1],
                            new HttpRequest(first[0], path, query, headers, null, true)));
        }
        return vectors;
    }

    private static Caller authenticate(Vector vector, String secret) {
        Clock clock =
                new Clock() {
                    @Override
                    public long nanos() {
                        return 0;
                    }

                    @Override
                    public Instant now() {
                        return vector.time;
                    }
                };
        Authenticator authenticator =
                new Authenticator("us-east-1", clock, key -> new Account(key, key, secret, false));
        return authenticator.authenticate(
                vector.request,
                PercentCode.decode(vector.request.path(), false),
                Query.parse(vector.request.query()));
    }

    @Test
    void everyVectorIsAcceptedWithItsSecretAndRefusedWithAnother() throws IOException {
        List<Vector> vectors = vectors();
        assertThat(vectors).hasSizeGreaterThan(12);
        for (Vector vector : vectors) {
            assertThat(authenticate(vector, vector.secret).account().user())
                    .as(vector.name)
                    .isNotEmpty();
            assertThatThrownBy(() -> authenticate(vector, vector.secret + "x"))
                    .as(vector.name)
                    .isInstanceOf(S3Exception.class);
        }
    }
}
