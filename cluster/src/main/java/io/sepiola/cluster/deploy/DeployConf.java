package io.sepiola.cluster.deploy;

import io.sepiola.base.Malformed;
import io.sepiola.client.CephConf;
import io.sepiola.protocol.AuthName;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@code cephdeploy.conf} of the working directory, or {@code ~/.cephdeploy.conf}: the operator's
 * habits, in the section {@code [ceph-deploy-global]} for all hosts and {@code [host NAME]} for
 * one. {@code username} and {@code root} may be in either; in {@code root}, {@code $host} is the
 * host's name. {@code overwrite_conf = true} is for all.
 */
record DeployConf(CephConf conf) {
    private static final String GLOBAL = "ceph-deploy-global";
    private static final AuthName NOBODY = AuthName.parse("client.admin");

    /** Reads the first that is there. */
    static DeployConf of(Path workFolder, Path home) {
        for (Path file :
                List.of(workFolder.resolve("cephdeploy.conf"), home.resolve(".cephdeploy.conf"))) {
            Optional<String> text = ClusterFiles.read(file);
            if (text.isPresent()) {
                return parse(file.toString(), text.get());
            }
        }
        return parse("nothing", "");
    }

    static DeployConf parse(String file, String text) {
        try {
            return new DeployConf(CephConf.parse(text, "ceph", NOBODY));
        } catch (Malformed bad) {
            throw new DeployFailure(file + ": " + bad.getMessage(), bad);
        }
    }

    private Optional<String> of(String host, String key) {
        Optional<String> own = conf.inSection("host " + host, key);
        return own.isPresent() ? own : conf.inSection(GLOBAL, key);
    }

    Optional<String> username(String host) {
        return of(host, "username");
    }

    HostLayout layout(String host) {
        return new HostLayout(of(host, "root").orElse("").replace("$host", host));
    }

    boolean overwritesConf() {
        return conf.inSection(GLOBAL, "overwrite_conf")
                .filter("true"::equalsIgnoreCase)
                .isPresent();
    }
}
