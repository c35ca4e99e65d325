package io.sepiola.lab.simulation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Loads a product with a {@link PlantedBug} in it: the changed classes as compiled here, in memory,
 * and anew all classes of the same module and of those above it; the rest is shared. Nothing of the
 * real product is touched.
 */
final class MutantLoader extends ClassLoader {
    private static final String PREFIX = "io.sepiola.";

    /** Modules that do not know the changed one, by the changed one. */
    private static final Map<String, Set<String>> BELOW =
            Map.of(
                    "osd",
                            Set.of(
                                    "base",
                                    "crush",
                                    "protocol",
                                    "messenger",
                                    "store",
                                    "client",
                                    "monitor",
                                    "manager",
                                    "gateway"),
                    "monitor",
                            Set.of(
                                    "base",
                                    "crush",
                                    "protocol",
                                    "messenger",
                                    "store",
                                    "client",
                                    "manager",
                                    "gateway",
                                    "osd"),
                    "client", Set.of("base", "crush", "protocol", "messenger", "store"),
                    "store", Set.of("base", "crush", "protocol", "messenger", "client"),
                    "messenger", Set.of("base", "crush", "protocol", "store"));

    private final Map<String, byte[]> mutants;
    private final Set<String> shared;

    private MutantLoader(Map<String, byte[]> mutants, Set<String> shared) {
        super(MutantLoader.class.getClassLoader());
        this.mutants = mutants;
        this.shared = shared;
    }

    /** Compiles the changed source against the class path. */
    static MutantLoader of(Path root, PlantedBug bug) throws IOException {
        String source = bug.plant(Files.readString(root.resolve(bug.file())));
        return new MutantLoader(
                compile(root.resolve(bug.file()).toUri(), source),
                BELOW.getOrDefault(bug.module(), Set.of()));
    }

    private static Map<String, byte[]> compile(URI uri, String source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, byte[]> made = new ConcurrentHashMap<>();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            JavaFileObject unit =
                    new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
                        @Override
                        public CharSequence getCharContent(boolean ignoreErrors) {
                            return source;
                        }
                    };
            boolean compiled =
                    compiler.getTask(
                                    messages,
                                    new InMemory(files, made),
                                    null,
                                    List.of(
                                            "-proc:none",
                                            "-nowarn",
                                            "-implicit:none",
                                            "-cp",
                                            System.getProperty("java.class.path")),
                                    null,
                                    List.of(unit))
                            .call();
            if (!compiled) {
                throw new IllegalStateException("does not compile: " + messages);
            }
        }
        return made;
    }

    /** Keeps what the compiler writes. */
    private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, byte[]> made;

        InMemory(JavaFileManager files, Map<String, byte[]> made) {
            super(files);
            this.made = made;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + className), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return new ByteArrayOutputStream() {
                        @Override
                        public void close() {
                            made.put(className, toByteArray());
                        }
                    };
                }
            };
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!isAnew(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            byte[] bytes = mutants.containsKey(name) ? mutants.get(name) : original(name);
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private boolean isAnew(String name) {
        if (!name.startsWith(PREFIX)) {
            return false;
        }
        int end = name.indexOf('.', PREFIX.length());
        return end > 0 && !shared.contains(name.substring(PREFIX.length(), end));
    }

    private byte[] original(String name) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        try (InputStream in = getParent().getResourceAsStream(file)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }

    /** What the oracles say of one seed: empty when they find nothing. */
    String trial(long seed, int requests) throws ReflectiveOperationException {
        var run =
                loadClass(PREFIX + "lab.simulation.Trial")
                        .getDeclaredMethod("run", long.class, int.class);
        run.setAccessible(true);
        return (String) run.invoke(null, seed, requests);
    }
}
