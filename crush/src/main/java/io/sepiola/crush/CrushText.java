package io.sepiola.crush;

/** The text form of a map, as Ceph's crushtool writes and reads it. */
public final class CrushText {
    private CrushText() {}

    /** The text of a map, to the byte as crushtool prints it. Weights keep three decimals. */
    public static String decompile(CrushMap map) {
        return new CrushPrinter(map).print();
    }

    /**
     * The map that a text describes.
     *
     * @throws CrushException naming the line and what was expected there
     */
    public static CrushMap compile(String text) {
        return new CrushParser(text).parse();
    }

    static String algorithmName(int algorithm) {
        return switch (algorithm) {
            case CrushBucket.UNIFORM -> "uniform";
            case CrushBucket.LIST -> "list";
            case CrushBucket.TREE -> "tree";
            case CrushBucket.STRAW -> "straw";
            default -> "straw2";
        };
    }
}
