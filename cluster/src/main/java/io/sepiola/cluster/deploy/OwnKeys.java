package io.sepiola.cluster.deploy;

import com.jcraft.jsch.AgentIdentityRepository;
import com.jcraft.jsch.AgentProxyException;
import com.jcraft.jsch.Identity;
import com.jcraft.jsch.IdentityRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.SSHAgentConnector;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Vector;

/**
 * The operator's keys: first the agent's, then the files that {@code ssh} takes without being told,
 * but for those that a passphrase guards: these are the agent's to open.
 */
final class OwnKeys implements IdentityRepository {
    private static final List<String> USUAL = List.of("id_ed25519", "id_ecdsa", "id_rsa");

    private final Vector<Identity> identities = new Vector<>();

    /**
     * Gathers them.
     *
     * @param agentSocket where the agent listens; empty without one
     */
    OwnKeys(Path sshFolder, String agentSocket) {
        if (!agentSocket.isEmpty()) {
            addAgent(Path.of(agentSocket));
        }
        JSch files = new JSch();
        for (String name : USUAL) {
            Path file = sshFolder.resolve(name);
            if (Files.isReadable(file)) {
                addFile(files, file);
            }
        }
        for (Identity identity : files.getIdentityRepository().getIdentities()) {
            if (!identity.isEncrypted()) {
                identities.add(identity);
            }
        }
    }

    private void addAgent(Path socket) {
        try {
            SSHAgentConnector connector = new SSHAgentConnector(socket);
            if (connector.isAvailable()) {
                identities.addAll(new AgentIdentityRepository(connector).getIdentities());
            }
        } catch (AgentProxyException noAgent) {
            throw new DeployFailure(
                    "cannot talk with the agent at "
                            + socket
                            + " ("
                            + noAgent.getMessage()
                            + "); start one, or unset SSH_AUTH_SOCK",
                    noAgent);
        }
    }

    private static void addFile(JSch files, Path file) {
        try {
            files.addIdentity(file.toString());
        } catch (JSchException unusable) {
            throw new DeployFailure(
                    "cannot use the key " + file + " (" + unusable.getMessage() + ")", unusable);
        }
    }

    @Override
    public String getName() {
        return "own keys";
    }

    @Override
    public int getStatus() {
        return RUNNING;
    }

    @Override
    public Vector<Identity> getIdentities() {
        return new Vector<>(identities);
    }

    @Override
    public boolean add(byte[] identity) {
        return false;
    }

    @Override
    public boolean remove(byte[] blob) {
        return false;
    }

    @Override
    public void removeAll() {}
}
