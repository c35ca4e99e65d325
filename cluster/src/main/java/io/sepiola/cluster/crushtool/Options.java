package io.sepiola.cluster.crushtool;

import io.sepiola.cluster.Refusal;
import io.sepiola.crush.Tunables;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a command line asks of {@code crushtool}. Owned by one run; filled by its constructor. */
final class Options {
    @Nullable String input;
    @Nullable String output;
    @Nullable String source;
    boolean decompile;
    boolean build;
    int deviceCount;
    int verbose;
    final Map<String, Integer> tunables = new LinkedHashMap<>(); // by their names in a text map
    @Nullable Item added;
    boolean update;
    final Map<String, String> location = new TreeMap<>();
    @Nullable Item reweighted;
    @Nullable String removed;
    String @Nullable [] addedBucket; // name, type
    @Nullable String moved;
    String @Nullable [] rule; // name, root, type, mode
    String deviceClass = "";
    @Nullable String removedRule;
    boolean reweight;
    boolean rebuildClasses;
    final Map<String, String> subtreeClasses = new TreeMap<>();
    int shownLocation = -1;
    boolean tree;
    boolean bucketTree;
    String bucketName = "";
    boolean dump;
    String format = "json-pretty";
    boolean check;
    int checkedIdMax = -1;
    boolean test;
    boolean shows;
    final TestPlan plan = new TestPlan();
    @Nullable String compared;
    final List<String> notes = new ArrayList<>(); // printed while the command line is read
    List<String> left = List.of();

    /** An item with its weight. */
    record Item(int id, float weight, String name) {}

    Options(String[] arguments) {
        Words words = new Words(arguments);
        while (words.hasMore()) {
            boolean taken =
                    files(words)
                            || display(words)
                            || adjust(words)
                            || change(words)
                            || rules(words)
                            || test(words);
            if (!taken) {
                words.leave();
            }
        }
        left = words.left();
    }

    boolean asksForSomething() {
        return check
                || source != null
                || decompile
                || build
                || test
                || reweight
                || tree
                || dump
                || !tunables.isEmpty()
                || added != null
                || addedBucket != null
                || moved != null
                || rule != null
                || removedRule != null
                || shownLocation >= 0
                || bucketTree
                || rebuildClasses
                || compared != null
                || removed != null
                || reweighted != null;
    }

    private boolean files(Words words) {
        String value;
        if ((value = words.valueOrNull("-d", "--decompile")) != null) {
            input = value;
            decompile = true;
        } else if ((value = words.valueOrNull("-i", "--infn")) != null) {
            input = value;
        } else if ((value = words.valueOrNull("-o", "--outfn")) != null) {
            output = value;
        } else if ((value = words.valueOrNull("-c", "--compile")) != null) {
            source = value;
        } else if ((value = words.valueOrNull("--compare")) != null) {
            compared = value;
        } else if (words.flag("-v", "--verbose")) {
            verbose++;
        } else if (words.flag("--build")) {
            build = true;
        } else if ((value = words.valueOrNull("--num_osds")) != null) {
            deviceCount = Words.integer(value);
        } else {
            return words.flag("--enable-unsafe-tunables"); // all are safe by now
        }
        return true;
    }

    private boolean display(Words words) {
        String value;
        if (words.flag("--tree")) {
            tree = true;
        } else if (words.flag("--bucket-tree")) {
            bucketTree = true;
        } else if ((value = words.valueOrNull("-b", "--bucket-name")) != null) {
            bucketName = value;
        } else if ((value = words.valueOrNull("-f", "--format")) != null) {
            format = value;
        } else if (words.flag("--dump")) {
            dump = true;
        } else if ((value = words.valueOrNull("--show-location")) != null) {
            shownLocation = Words.integer(value);
        } else if ((value = checkOrNull(words)) != null) {
            check = true;
            checkedIdMax = value.isEmpty() ? -1 : Words.integer(value);
        } else {
            return false;
        }
        return true;
    }

    /** The largest id of {@code --check}; empty where the command line ends with it. */
    private static @Nullable String checkOrNull(Words words) {
        try {
            return words.valueOrNull("--check");
        } catch (Refusal noValue) {
            return "";
        }
    }

    private boolean adjust(Words words) {
        for (String name : Tunables.NAMES) {
            String value = words.valueOrNull("--set_" + name);
            if (value != null) {
                tunables.put(name, Words.integer(value));
                return true;
            }
        }
        return false;
    }

    private boolean change(Words words) {
        String value;
        if ((value = words.valueOrNull("--add_item")) != null) {
            added = item(value, words, "--add-item");
        } else if ((value = words.valueOrNull("--update_item")) != null) {
            update = true;
            added = item(value, words, "--update-item");
        } else if (words.flag("--add-bucket")) {
            addedBucket = new String[] {words.more("--add-bucket"), words.more("--add-bucket")};
        } else if (words.flag("--move")) {
            moved = words.more("--move");
        } else if ((value = words.valueOrNull("--loc")) != null) {
            location.put(value, words.more("--loc"));
        } else if ((value = words.valueOrNull("--remove_item")) != null) {
            removed = value;
        } else if ((value = words.valueOrNull("--reweight_item")) != null) {
            reweighted = new Item(0, Words.real(words.more("--reweight-item")), value);
        } else if (words.flag("--reweight")) {
            reweight = true;
        } else if (words.flag("--rebuild-class-roots")) {
            rebuildClasses = true;
        } else if ((value = words.valueOrNull("--set-subtree-class")) != null) {
            subtreeClasses.put(value, words.more("--set-subtree-class"));
        } else {
            return false;
        }
        return true;
    }

    private static Item item(String id, Words words, String option) {
        int number = Words.integer(id);
        float weight = Words.real(words.more(option));
        return new Item(number, weight, words.more(option));
    }

    private boolean rules(Words words) {
        String value;
        if ((value = words.valueOrNull("--create-simple-rule")) != null) {
            String option = "--create-simple-rule";
            rule = new String[] {value, words.more(option), words.more(option), words.more(option)};
            notes.add(
                    option + ": name=" + rule[0] + " root=" + rule[1] + " type=" + rule[2]
                            + " mode=" + rule[3]);
        } else if ((value = words.valueOrNull("--create-replicated-rule")) != null) {
            String option = "--create-replicated-rule";
            rule = new String[] {value, words.more(option), words.more(option), "firstn"};
            notes.add(option + ": name=" + rule[0] + " root=" + rule[1] + " type=" + rule[2]);
        } else if ((value = words.valueOrNull("--device-class")) != null) {
            deviceClass = value;
        } else if ((value = words.valueOrNull("--remove-rule")) != null) {
            removedRule = value;
        } else {
            return false;
        }
        return true;
    }

    private boolean test(Words words) {
        if (words.flag("-t", "--test")) {
            test = true;
        } else if (plan.show(words)) {
            shows = true;
        } else {
            return plan.range(words);
        }
        return true;
    }
}
