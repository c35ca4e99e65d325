package io.sepiola.cluster.deploy;

import java.io.IOException;
import java.io.InputStream;

/** A way to run commands on one host. Used by one thread. */
interface Link extends AutoCloseable {
    /** Opens links by the names of hosts. */
    interface Door extends AutoCloseable {
        /**
         * Connects.
         *
         * @throws DeployFailure when the host cannot be reached or lets nobody in
         */
        Link open(String host);

        @Override
        void close();
    }

    /**
     * Runs a command of the user's shell to its end.
     *
     * @param input what it can read
     * @throws IOException when the connection fails
     */
    Answer run(String command, InputStream input) throws IOException;

    @Override
    void close();
}
