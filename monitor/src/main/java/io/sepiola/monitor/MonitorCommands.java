package io.sepiola.monitor;

import io.sepiola.monitor.command.CommandTable;
import io.sepiola.monitor.text.JsonText;

/** The commands that monitors know, as they describe them to {@code ceph}. */
public final class MonitorCommands {
    private MonitorCommands() {}

    /** What {@code get_command_descriptions} answers, with those that the manager serves. */
    public static String descriptions() {
        return JsonText.compact(CommandTable.STANDARD.descriptions());
    }

    /** The same of what {@code ceph tell mon.ID} knows besides. */
    public static String ofOneMonitor() {
        return JsonText.compact(CommandTable.TELL.descriptions());
    }
}
