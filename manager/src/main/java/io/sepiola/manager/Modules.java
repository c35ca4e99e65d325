package io.sepiola.manager;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.osd.HealthCheck;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All of the manager's modules. Owned by the manager's shard. */
final class Modules {
    private final List<Module> modules;

    Modules(List<Module> modules) {
        this.modules = List.copyOf(modules);
    }

    /** The module that serves a command. */
    Optional<Module> serving(String prefix) {
        return modules.stream()
                .filter(module ->
                        module.prefixes().stream()
                                .anyMatch(
                                        own -> prefix.equals(own) || prefix.startsWith(own + " ")))
                .findFirst();
    }

    /** Answers a command of a module. As with Ceph, no line of it is blank and each has its end. */
    Optional<Command.Answer> run(Command command, Bytes input, PgMap map, Instant now) {
        return serving(command.prefix())
                .map(module -> module.run(command, input, map, now))
                .map(Modules::lined);
    }

    private static Command.Answer lined(Command.Answer answer) {
        StringBuilder lines = new StringBuilder();
        for (String line : answer.output().toUtf8().split("\n", -1)) {
            lines.append(line).append(line.isEmpty() ? "" : "\n");
        }
        return new Command.Answer(
                answer.result(),
                answer.text(),
                Bytes.utf8(lines.toString()),
                answer.questionOrNull(),
                answer.orders());
    }

    /** Lets each go on; returns what the monitors are to be told. */
    List<String> tick(PgMap map, Instant now) {
        List<String> commands = new ArrayList<>();
        modules.forEach(module -> commands.addAll(module.tick(map, now)));
        return commands;
    }

    void judge(Map<String, HealthCheck> checks, Instant now) {
        modules.forEach(module -> module.judge(checks, now));
    }

    /** This manager is not the active one any more: what comes is another's to do. */
    void stopped() {
        modules.forEach(Module::stopped);
    }
}
