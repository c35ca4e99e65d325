package io.sepiola.manager;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.client.MonClient;
import io.sepiola.client.Rados;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Commands that the manager gives to the monitors by itself. Owned by the manager's shard. */
final class MonitorOrders {
    private static final Logger LOG = LoggerFactory.getLogger(MonitorOrders.class);

    private final Shard shard;
    private final MonClient monitors;
    private int open;

    MonitorOrders(Shard shard, MonClient monitors) {
        this.shard = shard;
        this.monitors = monitors;
    }

    /** Whether some of {@link #give} have no answer yet. */
    boolean areOpen() {
        return open > 0;
    }

    /** Gives them all; who is refused is logged. */
    void give(List<String> commands) {
        for (String command : commands) {
            open++;
            LOG.info("to the monitors: {}", command);
            monitors.command(command, Bytes.EMPTY)
                    .whenCompleteAsync(
                            (reply, failure) -> {
                                open--;
                                if (failure != null || reply.result() < 0) {
                                    LOG.warn(
                                            "the monitors refuse {}: {}",
                                            command,
                                            failure != null ? failure : reply.text());
                                }
                            },
                            shard);
        }
    }

    /** Gives one after the other, and answers so at last; or as the first that is refused. */
    CompletableFuture<Command.Answer> then(List<String> commands, Command.Answer said) {
        CompletableFuture<Command.Answer> done = CompletableFuture.completedFuture(said);
        for (String command : commands) {
            done =
                    done.thenCompose(before ->
                            before.result() < 0
                                    ? CompletableFuture.completedFuture(before)
                                    : monitors.command(command, Bytes.EMPTY)
                                            .thenApply(reply -> answer(reply, said)));
        }
        return done;
    }

    private static Command.Answer answer(Rados.CommandReply reply, Command.Answer said) {
        return reply.result() < 0
                ? new Command.Answer(reply.result(), reply.text(), Bytes.EMPTY)
                : said;
    }
}
