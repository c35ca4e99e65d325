package io.sepiola.cluster.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The program as it is installed here, and what of it a host needs.
 *
 * @param home its folder
 * @param files what is copied, in this order
 * @param units for systemd
 */
record Software(Path home, List<Item> files, List<Item> units) {
    /** Of the launcher alone a host can be asked which JDK it would take. */
    static final String LAUNCHER = "sepiola";

    /** The launcher looks after the others by the jar's time. */
    static final String JAR = "cluster/target/sepiola.jar";

    private static final String BUILT = "cluster/target";

    /**
     * A file.
     *
     * @param name relative to the program's folder
     * @param sha256 in hexadecimal
     * @param modified start-up caches are of a jar of this time
     */
    record Item(Path file, String name, String mode, String sha256, Instant modified) {}

    /** The program that runs. */
    static Software ofThisProgram() {
        String home = System.getProperty("sepiola.home");
        if (home == null) {
            throw new DeployFailure(
                    "this program does not know where it is installed; start it by its launcher,"
                            + " 'sepiola ceph-deploy'");
        }
        return of(Path.of(home));
    }

    static Software of(Path home) {
        try {
            List<Item> files = new ArrayList<>();
            files.add(item(home, home.resolve(LAUNCHER), "755"));
            files.add(item(home, home.resolve(JAR), "644"));
            files.add(item(home, home.resolve("etc/daemon.jvm"), "644"));
            files.add(item(home, home.resolve("etc/monitor.jvm"), "644"));
            for (Path file : list(home.resolve(BUILT).resolve("native"), "")) {
                files.add(item(home, file, "644"));
            }
            for (Path file : list(home.resolve(BUILT), ".aot")) {
                files.add(item(home, file, "644"));
            }
            List<Item> units = new ArrayList<>();
            for (Path file : list(home.resolve("etc/systemd"), "")) {
                Item unit = item(home, file, "644");
                files.add(unit); // so that a host that has it can install others
                units.add(unit);
            }
            return new Software(home, files, units);
        } catch (IOException unreadable) {
            throw new DeployFailure(
                    "the program in "
                            + home
                            + " is not whole ("
                            + unreadable
                            + "); build or install it again",
                    unreadable);
        }
    }

    private static List<Path> list(Path folder, String end) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(end))
                    .sorted()
                    .toList();
        }
    }

    private static Item item(Path home, Path file, String mode) throws IOException {
        try (InputStream in =
                new DigestInputStream(
                        Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return new Item(
                    file,
                    home.relativize(file).toString(),
                    mode,
                    HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest()),
                    Files.getLastModifiedTime(file).toInstant());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
