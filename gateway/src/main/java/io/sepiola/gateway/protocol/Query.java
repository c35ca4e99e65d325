package io.sepiola.gateway.protocol;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A target's decoded query, in the order sent. Immutable.
 *
 * @param parameters names with values; "" where there is no equals sign
 */
public record Query(List<Parameter> parameters) {
    /** One name with its value. */
    public record Parameter(String name, String value) {}

    /** Reads what stands behind the question mark. */
    public static Query parse(String raw) {
        if (raw.isEmpty()) {
            return new Query(List.of());
        }
        List<Parameter> parameters = new ArrayList<>();
        int start = 0;
        while (start <= raw.length()) {
            int end = raw.indexOf('&', start);
            end = end < 0 ? raw.length() : end;
            if (end > start) {
                String part = raw.substring(start, end);
                int equals = part.indexOf('=');
                parameters.add(
                        new Parameter(
                                PercentCode.decode(
                                        equals < 0 ? part : part.substring(0, equals), true),
                                equals < 0
                                        ? ""
                                        : PercentCode.decode(part.substring(equals + 1), true)));
            }
            start = end + 1;
        }
        return new Query(List.copyOf(parameters));
    }

    /** Whether there is such a parameter. */
    public boolean has(String name) {
        return firstOrNull(name) != null;
    }

    /** The first value of a parameter, or null. */
    public @Nullable String firstOrNull(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name.equals(name)) {
                return parameter.value;
            }
        }
        return null;
    }

    /** The first value of a parameter, or {@code other}. */
    public String get(String name, String other) {
        String value = firstOrNull(name);
        return value == null ? other : value;
    }

    /** How often a parameter is given. */
    public int count(String name) {
        int count = 0;
        for (Parameter parameter : parameters) {
            count += parameter.name.equals(name) ? 1 : 0;
        }
        return count;
    }

    /** A parameter that must be a number from 0 on; numbers beyond an int count as the largest. */
    public int number(String name, int other) {
        String value = firstOrNull(name);
        if (value == null || value.isEmpty()) {
            return other;
        }
        int number = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9 || value.length() > 20) {
                throw new S3Exception(
                        S3Error.INVALID_ARGUMENT,
                        "Provided " + name + " not an integer or within integer range");
            }
            number = number > 200_000_000 ? Integer.MAX_VALUE : number * 10 + digit;
        }
        return number;
    }

    /** In the form that is signed: encoded, sorted, without {@code except}. */
    public String canonical(String except) {
        if (parameters.isEmpty()) {
            return "";
        }
        List<Parameter> encoded = new ArrayList<>(parameters.size());
        for (Parameter parameter : parameters) {
            if (!parameter.name.equals(except)) {
                encoded.add(
                        new Parameter(
                                PercentCode.encode(parameter.name, false),
                                PercentCode.encode(parameter.value, false)));
            }
        }
        encoded.sort(Comparator.comparing(Parameter::name).thenComparing(Parameter::value));
        StringBuilder out = new StringBuilder(128);
        for (Parameter parameter : encoded) {
            out.append(out.isEmpty() ? "" : "&")
                    .append(parameter.name)
                    .append('=')
                    .append(parameter.value);
        }
        return out.toString();
    }
}
