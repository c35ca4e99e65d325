package io.sepiola.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Holds the drawing in ARCHITECTURE.md against the code: arrows only point down. */
class HouseTest {
    private static final Path ROOT = Path.of(System.getProperty("root"));
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.sepiola");

    /** The rooms by name with their storey, the roof being 0; from the first code block. */
    private static Map<String, Integer> drawing() throws IOException {
        String text = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
        Matcher block = Pattern.compile("```\n(lab .*?)```", Pattern.DOTALL).matcher(text);
        assertThat(block.find()).as("ARCHITECTURE.md has the drawing").isTrue();
        Map<String, Integer> storeys = new LinkedHashMap<>();
        int storey = 0;
        for (String line : block.group(1).lines().toList()) {
            String rooms = line.split("  {3,}", 2)[0].trim();
            for (String room : rooms.split("[ →]+")) {
                storeys.put(room, storey);
            }
            storey++;
        }
        return storeys;
    }

    private static String roomOf(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.");
        return parts.length > 2 ? parts[2] : "";
    }

    @Test
    void everyModuleIsInTheDrawing() throws IOException {
        List<String> modules = new ArrayList<>();
        Matcher module =
                Pattern.compile("<module>(.*?)</module>")
                        .matcher(Files.readString(ROOT.resolve("pom.xml")));
        while (module.find()) {
            modules.add(module.group(1));
        }
        assertThat(drawing().keySet()).containsAll(modules);
    }

    @Test
    void arrowsPointDown() throws IOException {
        Map<String, Integer> storeys = drawing();
        TreeSet<String> wrong = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            String from = roomOf(type);
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass();
                String to = roomOf(target);
                if (!target.getPackageName().startsWith("io.sepiola") || from.equals(to)) {
                    continue;
                }
                boolean down = storeys.get(from) < storeys.get(to);
                boolean besideAllowed = from.equals("protocol") && to.equals("crush");
                if (!down && !besideAllowed) {
                    wrong.add(from + " -> " + to + ": " + dependency.getDescription());
                }
            }
        }
        assertThat(CLASSES.size()).isGreaterThan(100);
        assertThat(wrong).as("arrows that point up or sideways").isEmpty();
    }

    @Test
    void coresKnowNoThreadsAndNoMachineTime() {
        TreeSet<String> wrong = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            if (!List.of("crush", "protocol", "client", "monitor", "osd").contains(roomOf(type))) {
                continue;
            }
            type.getMethodCallsFromSelf()
                    .forEach(call -> {
                        String target = call.getTargetOwner().getName() + "." + call.getName();
                        if (List.of(
                                        "java.lang.System.nanoTime",
                                        "java.lang.System.currentTimeMillis",
                                        "java.time.Instant.now",
                                        "java.lang.Math.random",
                                        "java.util.UUID.randomUUID",
                                        "java.lang.Thread.sleep")
                                .contains(target)) {
                            wrong.add(call.getDescription());
                        }
                    });
        }
        assertThat(wrong).as("time and chance come from the constructor").isEmpty();
    }

    @Test
    void packagesSayWhatTheyAreFor() throws IOException {
        TreeSet<String> silent = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            String room = roomOf(type);
            Path info =
                    ROOT.resolve(room)
                            .resolve("src/main/java")
                            .resolve(type.getPackageName().replace('.', '/'))
                            .resolve("package-info.java");
            if (!Files.exists(info) || !Files.readString(info).contains("@NullMarked")) {
                silent.add(type.getPackageName());
            }
        }
        assertThat(silent).isEmpty();
    }
}
