package io.sepiola.monitor.command;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;

/**
 * The answer to a command.
 *
 * @param result 0, or negative
 * @param text what the program prints beside the output
 * @param output what it prints or stores
 */
public record Reply(int result, String text, Bytes output) {
    /** Done, with something to say. */
    public static Reply said(String text) {
        return new Reply(0, text, Bytes.EMPTY);
    }

    /** Done, with output. */
    public static Reply shown(String output) {
        return new Reply(0, "", Bytes.utf8(output));
    }

    /** Done, with output and something to say. */
    public static Reply of(String text, Bytes output) {
        return new Reply(0, text, output);
    }

    /** As the answer to what one monitor is told. */
    public MCommandReply to(MCommand command) {
        return new MCommandReply(command.tid(), result, text, output);
    }

    /** Refused. */
    public static Reply refused(Refused why) {
        return new Reply(why.result(), why.sentence(), Bytes.EMPTY);
    }
}
