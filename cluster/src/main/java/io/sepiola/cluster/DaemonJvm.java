package io.sepiola.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command that runs this program again as a daemon, with a daemon's JVM flags. */
public final class DaemonJvm {
    private DaemonJvm() {}

    /** The words of the command; {@code arguments} are the program's own. */
    public static List<String> command(String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String home = System.getProperty("sepiola.home");
        if (home != null) {
            words.add("@" + Path.of(home, "etc", "daemon.jvm"));
            words.add("-Dsepiola.home=" + home);
            Path cache = Path.of(home, "cluster", "target", "sepiola.aot");
            if (Files.isRegularFile(cache)) {
                words.add("-XX:AOTCache=" + cache);
                words.add("-Xlog:disable");
                words.add("-Xlog:all=off");
            }
        } else {
            words.add("--enable-native-access=ALL-UNNAMED");
            words.add("-Xmx768m");
        }
        for (String folder : List.of("java.library.path", "org.xerial.snappy.lib.path")) {
            String library = System.getProperty(folder);
            if (library != null && home != null) {
                words.add("-D" + folder + "=" + library);
            }
        }
        words.add("-cp");
        words.add(System.getProperty("java.class.path"));
        words.add(Main.class.getName());
        words.addAll(List.of(arguments));
        return words;
    }
}
