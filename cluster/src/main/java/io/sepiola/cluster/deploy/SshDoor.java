package io.sepiola.cluster.deploy;

import com.jcraft.jsch.ConfigRepository;
import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchChangedHostKeyException;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchRevokedHostKeyException;
import com.jcraft.jsch.JSchUnknownHostKeyException;
import com.jcraft.jsch.OpenSSHConfig;
import com.jcraft.jsch.Session;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Opens links over SSH, as {@code ssh} would: with the operator's {@code ~/.ssh/config}, {@code
 * known_hosts}, keys and agent. Nobody is asked anything: what would be a question is a refusal
 * that names the remedy.
 */
final class SshDoor implements Link.Door {
    private static final int CONNECT_MILLIS = 15_000;
    private static final int ALIVE_MILLIS = 15_000;
    private static final Set<String> TAKES_NEW = Set.of("accept-new", "no", "off");
    private static final String STRICT = "StrictHostKeyChecking";

    private final JSch ssh = new JSch();
    private final Path folder;
    private final Function<String, Optional<String>> username;
    private final boolean acceptsNew;
    private final ConfigRepository config;

    /**
     * Reads what there is in {@code ~/.ssh}.
     *
     * @param home the operator's
     * @param agentSocket where an agent listens, or empty
     * @param username who to be on a host; empty for what the configuration says
     * @param acceptsNew whether hosts that are not known are taken over, wherever the configuration
     *     says nothing
     */
    SshDoor(
            Path home,
            String agentSocket,
            Function<String, Optional<String>> username,
            boolean acceptsNew) {
        this.folder = home.resolve(".ssh");
        this.username = username;
        this.acceptsNew = acceptsNew;
        Path file = folder.resolve("config");
        try {
            this.config =
                    Files.exists(file)
                            ? OpenSSHConfig.parseFile(file.toString())
                            : OpenSSHConfig.parse("");
        } catch (IOException unreadable) {
            throw new DeployFailure("cannot read " + file + " (" + unreadable + ")", unreadable);
        }
        ssh.setConfigRepository(config);
        ssh.setIdentityRepository(new OwnKeys(folder, agentSocket));
    }

    @Override
    public Link open(String name) {
        ConfigRepository.Config settings = config.getConfig(name);
        Session session = null;
        HostKeys keys = null;
        try {
            session = session(name, settings);
            keys = keys(session, settings);
            session.setHostKeyRepository(keys);
            session.connect(CONNECT_MILLIS);
            return new SshLink(session);
        } catch (JSchException refused) {
            throw refusal(name, session, keys, refused);
        }
    }

    private Session session(String name, ConfigRepository.Config settings) throws JSchException {
        Path known = folder.resolve("known_hosts");
        if (Files.exists(known)) {
            ssh.setKnownHosts(known.toString());
        }
        String user = username.apply(name).orElse(settings.getUser());
        Session session =
                ssh.getSession(user == null ? System.getProperty("user.name") : user, name);
        // The library would take "accept-new" for "take anything".
        session.setConfig(STRICT, "yes");
        session.setConfig("PreferredAuthentications", "publickey");
        session.setDaemonThread(true);
        session.setServerAliveInterval(ALIVE_MILLIS);
        return session;
    }

    private HostKeys keys(Session session, ConfigRepository.Config settings) {
        String own = settings.getValue("UserKnownHostsFile");
        String strict = settings.getValue(STRICT);
        return new HostKeys(
                session.getHostKeyRepository(),
                own == null ? folder.resolve("known_hosts") : Path.of(own.split("\\s+")[0]),
                acceptsNew || strict != null && TAKES_NEW.contains(strict));
    }

    private static DeployFailure refusal(
            String name, @Nullable Session session, @Nullable HostKeys keys, JSchException why) {
        if (session == null || keys == null) {
            return new DeployFailure(
                    "the SSH configuration of " + name + " cannot be used (" + said(why) + ")",
                    why);
        }
        String at = session.getHost() + (session.getPort() == 22 ? "" : ":" + session.getPort());
        String message =
                switch (why) {
                    case JSchUnknownHostKeyException unknown -> unknown(name, session, keys);
                    case JSchChangedHostKeyException changed -> changed(name, session, keys);
                    case JSchRevokedHostKeyException revoked ->
                            name + " shows a key that " + keys.file() + " marks as revoked";
                    default -> unreached(name, at, session, why);
                };
        return new DeployFailure(message, why);
    }

    private static String unknown(String name, Session session, HostKeys keys) {
        return "the key of "
                + name
                + fingerprint(keys)
                + " is not known; if it is the host's own, which 'ssh-keygen -lf"
                + " /etc/ssh/ssh_host_ed25519_key.pub' there tells, add it with 'ssh-keyscan -p "
                + session.getPort()
                + " "
                + session.getHost()
                + " >> "
                + keys.file()
                + "', or give --accept-new-host-keys";
    }

    private static String changed(String name, Session session, HostKeys keys) {
        String entry =
                session.getPort() == 22
                        ? session.getHost()
                        : "[" + session.getHost() + "]:" + session.getPort();
        return name
                + " shows another key"
                + fingerprint(keys)
                + " than the one in "
                + keys.file()
                + ": somebody else may be answering in its place. If the host was made anew, take"
                + " the old key out with 'ssh-keygen -f "
                + keys.file()
                + " -R "
                + Shell.quote(entry)
                + "'";
    }

    private static String fingerprint(HostKeys keys) {
        HostKey shown = keys.shownOrNull();
        return shown == null ? "" : " (" + shown.getType() + ")";
    }

    private static String unreached(String name, String at, Session session, JSchException why) {
        String said = said(why);
        if (said.startsWith("Auth")) {
            return session.getUserName()
                    + " is not let in on "
                    + name
                    + " with any key of ~/.ssh or the agent; 'ssh-copy-id "
                    + session.getUserName()
                    + "@"
                    + name
                    + "' puts one there, --username names another user";
        }
        for (Throwable cause = why; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return "no address is known for "
                        + name
                        + "; put it into the DNS, /etc/hosts or, with HostName, ~/.ssh/config";
            }
        }
        return name
                + " cannot be reached at "
                + at
                + " ("
                + said
                + "); is it up, is the address right, does sshd run there?";
    }

    private static String said(JSchException why) {
        String message = why.getMessage();
        return message == null ? why.toString() : message;
    }

    @Override
    public void close() {}
}
