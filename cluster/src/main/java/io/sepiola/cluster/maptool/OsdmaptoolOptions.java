package io.sepiola.cluster.maptool;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.TreeSet;

/** What osdmaptool was asked for. Filled by {@link #parse}, then only read. */
final class OsdmaptoolOptions {
    private static final String ME = "osdmaptool";

    String file = "";
    boolean print = false;
    String printFormat = "plain";
    boolean tree = false;
    String treeFormat = "plain";
    boolean health = false;
    int createOsds = -1;
    boolean createSimple = false;
    boolean createFromConf = false;
    boolean withPool = false;
    int pgBits = 6;
    int pgpBits = 6;
    boolean clobber = false;
    boolean save = false;
    @Nullable String exportCrush;
    @Nullable String importCrush;
    @Nullable String testPg;
    @Nullable String testObject;
    @Nullable String crushWeights;
    int pool = -1;
    int pgNum = -1;
    boolean markUpIn = false;
    int markOut = -1;
    int markUp = -1;
    int markIn = -1;
    boolean clearTemp = false;
    boolean cleanTemps = false;
    boolean testPgs = false;
    boolean dumpPgs = false;
    boolean dumpPgsAll = false;
    boolean random = false;
    boolean upmap = false;
    boolean upmapCleanup = false;
    String upmapFile = "-";
    int upmapMax = 10;
    int upmapDeviation = 5;
    boolean upmapActive = false;
    final TreeSet<String> upmapPools = new TreeSet<>();

    static OsdmaptoolOptions parse(List<String> arguments) {
        OsdmaptoolOptions options = new OsdmaptoolOptions();
        ToolWords words = new ToolWords(arguments);
        while (words.hasMore()) {
            if (!options.shown(words) && !options.changed(words) && !options.balanced(words)) {
                words.file();
            }
        }
        if (words.files().isEmpty()) {
            throw ToolFailure.usage(ME + ": must specify osdmap filename\n");
        }
        if (words.files().size() > 1) {
            throw ToolFailure.usage(ME + ": too many arguments\n");
        }
        if (options.upmapDeviation < 1) {
            throw ToolFailure.usage(ME + ": upmap-deviation must be >= 1\n");
        }
        options.file = words.files().getFirst();
        return options;
    }

    private static String format(@Nullable String given) {
        return given == null || given.isEmpty() ? "plain" : given;
    }

    private boolean shown(ToolWords words) {
        if (words.flag("-p", "--print")) {
            print = true;
        } else if (words.option("--dump")) {
            print = true;
            printFormat = format(words.valueOrNull());
        } else if (words.option("--tree")) {
            tree = true;
            treeFormat = format(words.valueOrNull());
        } else if (words.flag("--health")) {
            health = true;
        } else if (words.option("--export-crush")) {
            exportCrush = words.value("--export-crush");
        } else if (words.option("--test-map-pg")) {
            testPg = words.value("--test-map-pg");
        } else if (words.option("--test-map-object")) {
            testObject = words.value("--test-map-object");
        } else if (words.option("--pool")) {
            pool = words.number("--pool");
        } else if (words.option("--pg-num")) {
            pgNum = pgNum(words.valueOrNull());
        } else if (words.flag("--test-map-pgs")) {
            testPgs = true;
        } else if (words.flag("--test-map-pgs-dump")) {
            dumpPgs = true;
        } else if (words.flag("--test-map-pgs-dump-all")) {
            dumpPgsAll = true;
        } else if (words.flag("--test-random")) {
            random = true;
        } else {
            return false;
        }
        return true;
    }

    private static int pgNum(@Nullable String given) {
        try {
            return Integer.parseInt(given == null ? "" : given);
        } catch (NumberFormatException bad) {
            throw new ToolFailure(
                    1,
                    "error parsing integer value Expected option value to be integer, got '"
                            + (given == null ? "" : given)
                            + "'\n");
        }
    }

    private boolean changed(ToolWords words) {
        if (words.option("--createsimple")) {
            createOsds = words.number("--createsimple");
            createSimple = true;
        } else if (words.flag("--create-from-conf")) {
            createFromConf = true;
        } else if (words.flag("--with-default-pool")) {
            withPool = true;
        } else if (words.option("--pg-bits", "--osd-pg-bits")) {
            pgBits = words.number("--pg-bits");
        } else if (words.option("--pgp-bits", "--osd-pgp-bits")) {
            pgpBits = words.number("--pgp-bits");
        } else if (words.flag("--clobber")) {
            clobber = true;
        } else if (words.flag("--save")) {
            save = true;
        } else if (words.option("--import-crush")) {
            importCrush = words.value("--import-crush");
        } else if (words.flag("--mark-up-in")) {
            markUpIn = true;
        } else if (words.option("--mark-out")) {
            words.value("--mark-out");
            markOut = words.number("--mark-out");
        } else if (words.option("--mark-up")) {
            words.value("--mark-up");
            markUp = words.number("--mark-up");
        } else if (words.option("--mark-in")) {
            words.value("--mark-in");
            markIn = words.number("--mark-in");
        } else if (words.flag("--clear-temp")) {
            clearTemp = true;
        } else if (words.flag("--clean-temps")) {
            cleanTemps = true;
        } else if (words.option("--adjust-crush-weight")) {
            crushWeights = words.valueOrNull();
        } else {
            return false;
        }
        return true;
    }

    private boolean balanced(ToolWords words) {
        if (words.option("--upmap-cleanup")) {
            upmapCleanup = true;
            upmapFile = words.value("--upmap-cleanup");
        } else if (words.option("--upmap")) {
            upmapCleanup = true;
            upmap = true;
            upmapFile = words.value("--upmap");
        } else if (words.option("--upmap-max")) {
            upmapMax = words.valueOrNull() == null ? upmapMax : words.number("--upmap-max");
        } else if (words.option("--upmap-deviation")) {
            upmapDeviation =
                    words.valueOrNull() == null
                            ? upmapDeviation
                            : words.number("--upmap-deviation");
        } else if (words.option("--upmap-pool")) {
            upmapPools.add(words.value("--upmap-pool"));
        } else if (words.flag("--upmap-active")) {
            upmapActive = true;
        } else {
            return false;
        }
        return true;
    }

    /** Whether anything is to be done but reading the map. */
    boolean hasAction() {
        return print
                || tree
                || health
                || exportCrush != null
                || importCrush != null
                || testPg != null
                || testObject != null
                || testPgs
                || dumpPgs
                || dumpPgsAll
                || crushWeights != null
                || upmapCleanup;
    }
}
