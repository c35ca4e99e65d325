package io.sepiola.monitor.command;

import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.monitor.state.ChangeCodec;
import io.sepiola.monitor.state.Draft;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.caps.MonCaps;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.UUID;

/** Runs commands against a state of its own, one after the other, each agreed at once. */
final class Typist {
    final FakeFacts facts = new FakeFacts();
    MonitorState state = MonitorState.blank(new UUID(1, 2));

    private final Clock clock =
            new Clock() {
                @Override
                public long nanos() {
                    return 0;
                }

                @Override
                public Instant now() {
                    return facts.now;
                }
            };

    /** What a command comes to; what it changes goes through the log's form. */
    Reply type(String prefix, Object... members) {
        return type(Bytes.EMPTY, prefix, members);
    }

    Reply type(Bytes input, String prefix, Object... members) {
        return type(CommandTable.STANDARD, input, prefix, members);
    }

    /** What this monitor alone is told. */
    Reply tell(String prefix, Object... members) {
        return type(CommandTable.TELL, Bytes.EMPTY, prefix, members);
    }

    private Reply type(CommandTable table, Bytes input, String prefix, Object... members) {
        ObjectNode command = JsonMapper.builder().build().createObjectNode();
        command.put("prefix", prefix);
        for (int i = 0; i < members.length; i += 2) {
            command.putPOJO(members[i].toString(), members[i + 1]);
        }
        Draft draft = new Draft(state, clock);
        Reply reply =
                table.run(
                                new CommandTable.Asked(
                                        java.util.List.of(command.toString()),
                                        input,
                                        AuthName.parse("client.admin"),
                                        MonCaps.parse("allow *")),
                                facts,
                                state,
                                draft)
                        .reply();
        state = state.apply(ChangeCodec.changes(ChangeCodec.record(draft.take())));
        state = MonitorState.CODEC.fromBytes(MonitorState.CODEC.toBytes(state));
        return reply;
    }
}
