package io.sepiola.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The admin verb's output and exit codes. */
class RadosgwAdminTest {
    private final FakeRados rados = new FakeRados();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void stop() {
        rados.close();
    }

    private int run(String... args) {
        out.reset();
        err.reset();
        return new RadosgwAdmin(rados.rados())
                .run(
                        args,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private JsonNode json() {
        return JsonMapper.builder().build().readTree(out.toByteArray());
    }

    @Test
    void usersAreCreatedShownListedModifiedAndRemoved() {
        assertThat(
                        run(
                                "user",
                                "create",
                                "--uid=test",
                                "--access-key=test",
                                "--secret=test",
                                "--display-name",
                                "Test User",
                                "--email=t@example.org"))
                .isZero();
        assertThat(json().get("user_id").asString()).isEqualTo("test");
        assertThat(json().get("display_name").asString()).isEqualTo("Test User");
        assertThat(json().get("email").asString()).isEqualTo("t@example.org");
        assertThat(json().get("suspended").asInt()).isZero();
        assertThat(json().get("max_buckets").asInt()).isEqualTo(1000);
        assertThat(json().get("keys").get(0).toString())
                .isEqualTo("{\"user\":\"test\",\"access_key\":\"test\",\"secret_key\":\"test\"}");
        assertThat(run("user", "create", "--uid=gen", "--display-name=g")).isZero();
        assertThat(json().get("keys").get(0).get("access_key").asString()).hasSize(20);
        assertThat(json().get("keys").get(0).get("secret_key").asString()).hasSize(40);
        assertThat(run("user", "list")).isZero();
        assertThat(json().toString()).isEqualTo("[\"gen\",\"test\"]");
        assertThat(run("user", "modify", "--uid=test", "--max-buckets=5", "--gen-access-key"))
                .isZero();
        assertThat(run("user", "info", "--uid=test")).isZero();
        assertThat(json().get("max_buckets").asInt()).isEqualTo(5);
        assertThat(json().get("keys").size()).isEqualTo(2);
        assertThat(run("user", "info", "--access-key=test")).isZero();
        assertThat(run("user", "suspend", "--uid=test")).isZero();
        assertThat(json().get("suspended").asInt()).isEqualTo(1);
        assertThat(run("user", "rm", "--uid=test")).isZero();
        assertThat(run("user", "info", "--uid=test")).isEqualTo(22);
        assertThat(run("user", "info", "--access-key=test")).isEqualTo(22);
    }

    @Test
    void whatCannotBeIsRefusedWithASentence() {
        run(
                "user",
                "create",
                "--uid=one",
                "--display-name=1",
                "--access-key=a",
                "--secret=s",
                "--email=e");
        assertThat(run("user", "create", "--uid=one", "--display-name=1")).isEqualTo(17);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("user: one exists");
        assertThat(run("user", "create", "--uid=two", "--display-name=2", "--access-key=a"))
                .isEqualTo(17);
        assertThat(run("user", "create", "--uid=two", "--display-name=2", "--email=e"))
                .isEqualTo(17);
        assertThat(run("user", "create", "--uid=two")).isEqualTo(22);
        assertThat(run("user", "create", "--display-name=2")).isEqualTo(22);
        assertThat(run("user", "create", "--uid=a/b", "--display-name=2")).isEqualTo(22);
        assertThat(run("user", "create", "--uid=two", "--display-name=2", "--max-buckets=x"))
                .isEqualTo(22);
        assertThat(run("user", "rm", "--uid=none")).isEqualTo(2);
        assertThat(run("user", "modify", "--uid=none")).isEqualTo(22);
        assertThat(run("user", "explode", "--uid=one")).isEqualTo(22);
        assertThat(run("user", "info", "--uid=one", "--bogus=1")).isEqualTo(22);
        assertThat(run()).isEqualTo(22);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("usage");
    }

    @Test
    void suspendedUsersAndUsersWithBuckets() {
        try (TestGateway gateway = new TestGateway()) {
            gateway.one.put("/bkt", "");
            assertThat(gateway.admin("user", "rm", "--uid=one")).isEqualTo(17);
            gateway.admin("user", "suspend", "--uid=two");
            assertThat(gateway.two.get("/").outcome()).isEqualTo("403 AccessDenied");
            gateway.admin(
                    "user",
                    "create",
                    "--uid=few",
                    "--display-name=f",
                    "--access-key=few",
                    "--secret=few",
                    "--max-buckets=1");
            S3Client few = new S3Client(gateway.gateway.address(), "few", "few");
            assertThat(few.put("/first", "").outcome()).isEqualTo("200");
            assertThat(few.put("/second", "").outcome()).isEqualTo("400 TooManyBuckets");
        }
    }
}
