package io.sepiola.cluster.deploy;

import io.sepiola.cluster.deploy.DeployLog.Speaker;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One host: runs scripts of the POSIX shell there, with root's rights. Used by one thread.
 *
 * <p>The first script asks who and what the host is; the answer decides between {@code sudo -n} and
 * none, and between systemd and none.
 */
final class Host implements AutoCloseable {
    private static final String FACTS =
            """
            id -u
            id -un
            uname -n
            uname -m
            [ -d /run/systemd/system ] && echo systemd || echo none
            ( . /etc/os-release 2>/dev/null; echo "${PRETTY_NAME:-unknown}" )
            """;

    private static final int FACT_COUNT = 6;

    private final String name;
    private final HostLayout layout;
    private final Speaker log;
    private final Link link;
    private final boolean sudo;
    private final String machine;
    private final boolean systemd;

    private Host(String name, HostLayout layout, Speaker log, Link link, String[] facts) {
        this.name = name;
        this.layout = layout;
        this.log = log;
        this.link = link;
        this.sudo = !facts[0].equals("0");
        this.machine = facts[2].replaceFirst("\\..*", "");
        this.systemd = facts[4].equals("systemd");
    }

    /**
     * Looks around on a host.
     *
     * @param link is closed with this
     * @throws DeployFailure when commands cannot be run there with root's rights
     */
    static Host over(Link link, String name, HostLayout layout, Speaker log) {
        Answer answer =
                run(link, name, Shell.command("sh", "-c", FACTS), InputStream.nullInputStream());
        String[] facts = answer.out().strip().split("\n");
        if (!answer.ok() || facts.length != FACT_COUNT) {
            link.close();
            throw new DeployFailure(
                    name
                            + " runs no commands of a POSIX shell ("
                            + answer.reason()
                            + "); is the user's shell one, and quiet when it is not interactive?");
        }
        Host host = new Host(name, layout, log, link, facts);
        log.debug("connected to host: " + facts[1] + "@" + name);
        if (host.sudo && !host.run("true").ok()) {
            link.close();
            throw new DeployFailure(
                    facts[1]
                            + " may not do on "
                            + name
                            + " what root may; let it use sudo without a password ('"
                            + facts[1]
                            + " ALL = (root) NOPASSWD: ALL' in a file of /etc/sudoers.d), or give"
                            + " another user with --username");
        }
        log.debug("is " + facts[2] + ", " + facts[5] + " on " + facts[3]);
        return host;
    }

    String name() {
        return name;
    }

    /** The name that the machine gives itself, without its domain. */
    String machine() {
        return machine;
    }

    HostLayout layout() {
        return layout;
    }

    Speaker log() {
        return log;
    }

    /** Whether systemd runs the daemons; what has a root of its own is not the machine's. */
    boolean hasSystemd() {
        return systemd && layout.isWholeMachine();
    }

    /** Runs a script, with nothing to read. */
    Answer run(String script) {
        return run(script, InputStream.nullInputStream());
    }

    /** Runs a script that reads this. */
    Answer run(String script, InputStream input) {
        String command = Shell.command("sh", "-c", script);
        return run(link, name, sudo ? "sudo -n " + command : command, input);
    }

    private static Answer run(Link link, String name, String command, InputStream input) {
        try {
            return link.run(command, input);
        } catch (IOException broken) {
            throw new DeployFailure(
                    "the connection to "
                            + name
                            + " has failed ("
                            + broken.getMessage()
                            + "); check the host and run the command again, which goes on where it"
                            + " was",
                    broken);
        }
    }

    /** As {@link #run}, said in the log; returns what it printed. */
    String does(String script) {
        log.info("Running command: " + (sudo ? "sudo " : "") + script.strip());
        return must(script, "");
    }

    /** As {@link #does}, with something to read, which is not told. */
    String does(String script, String input) {
        log.info("Running command: " + (sudo ? "sudo " : "") + script.strip());
        return must(script, input);
    }

    /** As {@link #run}, and fails where the script does. */
    String must(String script, String input) {
        Answer answer =
                run(script, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        if (!answer.ok()) {
            throw new DeployFailure(name + ": " + answer.reason());
        }
        return answer.out();
    }

    boolean exists(String path) {
        return run("[ -e " + Shell.quote(path) + " ]").ok();
    }

    /** The text of a file, if it is there. */
    Optional<String> read(String path) {
        Answer answer = run("cat -- " + Shell.quote(path));
        return answer.ok() ? Optional.of(answer.out()) : Optional.empty();
    }

    void makeFolder(String path, String mode) {
        String quoted = Shell.quote(path);
        must("[ -d " + quoted + " ] || mkdir -p -m " + mode + " -- " + quoted, "");
    }

    /**
     * Writes a file as a whole, where it is not the same already.
     *
     * @return whether it was written
     */
    boolean put(String path, String text, String mode) {
        if (read(path).filter(text::equals).isPresent()) {
            must(Shell.command("chmod", mode, path), ""); // a secret may have been laid open
            return false;
        }
        put(path, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), mode);
        return true;
    }

    /** Writes a file as a whole; until then the old one is there. */
    void put(String path, InputStream content, String mode) {
        String fresh = Shell.quote(path + ".new");
        Answer answer =
                run(
                        "umask 077 && rm -f -- %1$s && cat > %1$s && chmod %2$s %1$s && mv -f -- %1$s %3$s"
                                .formatted(fresh, mode, Shell.quote(path)),
                        content);
        if (!answer.ok()) {
            throw new DeployFailure(
                    "cannot write " + path + " on " + name + " (" + answer.reason() + ")");
        }
    }

    @Override
    public void close() {
        link.close();
    }
}
