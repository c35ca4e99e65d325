package io.sepiola.cluster.cli;

import io.sepiola.base.Malformed;

import java.util.Map;

/**
 * One place in a command's signature.
 *
 * @param name under which the value goes into the JSON; {@code prefix} for literals
 * @param many whether it takes any number of words, one at least where it is required
 * @param count how many words it takes otherwise
 */
record Argument(String name, ArgumentType type, boolean many, int count, boolean required) {
    /** Reads one element of a signature. */
    static Argument of(Object description) {
        if (description instanceof String word) {
            return new Argument("prefix", new ArgumentType.Literal(word), false, 1, true);
        }
        if (!(description instanceof Map<?, ?> raw)) {
            throw new Malformed("neither word nor argument in a signature: " + description);
        }
        Map<String, Object> details = new java.util.TreeMap<>();
        raw.forEach((key, value) -> details.put(String.valueOf(key), String.valueOf(value)));
        String count = String.valueOf(details.getOrDefault("n", "1"));
        boolean many = count.equalsIgnoreCase("N");
        String required = String.valueOf(details.getOrDefault("req", "true"));
        return new Argument(
                String.valueOf(details.getOrDefault("name", "")),
                ArgumentType.of(String.valueOf(details.getOrDefault("type", "")), details),
                many,
                many ? 1 : Math.clamp(Long.parseLong(count), 1, 1000),
                required.equalsIgnoreCase("true"));
    }

    boolean isLiteral() {
        return type instanceof ArgumentType.Literal;
    }

    boolean isFlag() {
        return type instanceof ArgumentType.Bool;
    }

    /** As lists of commands show it. */
    String concise() {
        String chunk =
                switch (type) {
                    case ArgumentType.Bool _ -> "--" + name.replace('_', '-');
                    case ArgumentType.Literal literal -> literal.word();
                    case ArgumentType.Choices choices ->
                            name.equals("format")
                                    ? "--format {" + choices.shown() + "}"
                                    : choices.shown();
                    case ArgumentType.OsdName _ -> "<id|osd.id>";
                    case ArgumentType.Name _ -> "<type.id>";
                    case ArgumentType.Int _ -> "<" + name + ":int>";
                    case ArgumentType.Float _ -> "<" + name + ":float>";
                    case ArgumentType.Text _,
                            ArgumentType.Pgid _,
                            ArgumentType.Uuid _,
                            ArgumentType.Address _,
                            ArgumentType.Plain _ ->
                            "<" + name + ">";
                };
        String repeated = many ? chunk + "..." : chunk;
        return required ? repeated : "[" + repeated + "]";
    }

    /** As error messages show it. */
    @Override
    public String toString() {
        boolean bare =
                isLiteral()
                        || type instanceof ArgumentType.Choices choices
                                && choices.words().size() == 1;
        String shown = bare ? type.shown() : name + "(" + type.shown() + ")" + (many ? "..." : "");
        return required ? shown : "[" + shown + "]";
    }
}
