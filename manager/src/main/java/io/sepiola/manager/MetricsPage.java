package io.sepiola.manager;

import io.sepiola.base.Shard;
import io.sepiola.client.Rados;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Gathers what {@link Metrics} writes: asks the monitors, then looks at what the manager knows. Who
 * asks while that goes on gets the same page. Owned by the manager's shard.
 */
final class MetricsPage {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Shard shard;
    private final Function<String, CompletableFuture<Rados.CommandReply>> monitors;
    private final Supplier<Metrics.@Nullable Known> known;
    private @Nullable CompletableFuture<String> current;

    /**
     * Asks nobody yet.
     *
     * @param monitors answer a command, on the shard
     * @param known what the manager knows; null when it is not the active one. Called on the shard
     */
    MetricsPage(
            Shard shard,
            Function<String, CompletableFuture<Rados.CommandReply>> monitors,
            Supplier<Metrics.@Nullable Known> known) {
        this.shard = shard;
        this.monitors = monitors;
        this.known = known;
    }

    /** The page; empty from a manager that is not the active one. Any thread may call. */
    CompletableFuture<String> text() {
        CompletableFuture<String> page = new CompletableFuture<>();
        shard.execute(() ->
                gather().whenComplete((text, failure) -> {
                    if (failure != null) {
                        page.completeExceptionally(failure);
                    } else {
                        page.complete(text);
                    }
                }));
        return page;
    }

    private CompletableFuture<String> gather() {
        if (known.get() == null) {
            return CompletableFuture.completedFuture("");
        }
        CompletableFuture<String> underWay = current;
        if (underWay != null) {
            return underWay;
        }
        Map<String, JsonNode> answers = new HashMap<>();
        List<CompletableFuture<?>> asked = new ArrayList<>();
        Metrics.QUESTIONS.forEach((name, question) ->
                asked.add(
                        monitors.apply(question)
                                .thenAccept(reply -> answers.put(name, read(reply)))));
        CompletableFuture<String> page =
                CompletableFuture.allOf(asked.toArray(new CompletableFuture<?>[0]))
                        .thenApply(all -> written(answers));
        current = page;
        page.whenComplete((text, failure) -> current = null);
        return page;
    }

    private String written(Map<String, JsonNode> answers) {
        Metrics.Known now = known.get();
        return now == null ? "" : Metrics.text(answers, now);
    }

    private static JsonNode read(Rados.CommandReply reply) {
        try {
            return reply.result() < 0
                    ? MissingNode.getInstance()
                    : JSON.readTree(reply.output().toUtf8());
        } catch (JacksonException malformed) {
            return MissingNode.getInstance();
        }
    }
}
