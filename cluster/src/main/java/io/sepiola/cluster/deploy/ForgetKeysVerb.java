package io.sepiola.cluster.deploy;

import picocli.CommandLine.Command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code forgetkeys}: removes the cluster's keys from the working directory. */
@Command(
        name = "forgetkeys",
        description = "Remove the keys from the working directory.",
        mixinStandardHelpOptions = true)
record ForgetKeysVerb(DeployOptions options) implements Callable<Integer> {
    @Override
    public Integer call() {
        return options.run(deployment -> {
            var log = deployment.speaker("forgetkeys");
            for (String kind : GatheredKeys.kinds()) {
                Path file = deployment.files().keyringFile(kind);
                try {
                    if (Files.deleteIfExists(file)) {
                        log.info("removed " + file.getFileName());
                    }
                } catch (IOException failed) {
                    throw new DeployFailure("cannot remove " + file + " (" + failed + ")", failed);
                }
            }
        });
    }
}
