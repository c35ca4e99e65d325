package io.sepiola.gateway.auth;

import org.jspecify.annotations.Nullable;

/**
 * What an access key stands for.
 *
 * @param user the user's id
 */
public record Account(String user, String displayName, String secretKey, boolean suspended) {
    /** Finds accounts. */
    @FunctionalInterface
    public interface Directory {
        /** The account of an access key, or null. */
        @Nullable Account findOrNull(String accessKey);
    }

    @Override
    public String toString() {
        return "account of " + user; // never the secret
    }
}
