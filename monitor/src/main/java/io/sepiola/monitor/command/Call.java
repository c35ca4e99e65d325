package io.sepiola.monitor.command;

import io.sepiola.base.Bytes;
import io.sepiola.monitor.state.Draft;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.protocol.AuthName;

/**
 * One command under way.
 *
 * @param arguments checked against the command's signature
 * @param input what came along, such as a keyring
 * @param who asked
 * @param facts what the monitor sees beyond what is agreed
 * @param draft where changes are proposed; reads of commands that change go through it too, so that
 *     two of them in one turn know of each other
 * @param writes whether the command may change something
 */
public record Call(
        Arguments arguments,
        Format format,
        Bytes input,
        AuthName who,
        Facts facts,
        Draft draft,
        MonitorState committed,
        boolean writes) {
    /** What is agreed, and for commands that change also what is being proposed. */
    public MonitorState state() {
        return writes ? draft.state() : committed;
    }
}
