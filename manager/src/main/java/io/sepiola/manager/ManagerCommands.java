package io.sepiola.manager;

/** The commands that the manager serves, as it describes them to {@code ceph}. */
public final class ManagerCommands {
    private ManagerCommands() {}

    /** What {@code get_command_descriptions} answers. */
    public static String descriptions() {
        return CommandTable.STANDARD.descriptions();
    }
}
