package io.sepiola.gateway.auth;

/**
 * Who sent the request, and how its body is vouched for.
 *
 * @param payload the value of x-amz-content-sha256, one of the forms of {@link PayloadForm}
 * @param chain what the first signed chunk continues from
 */
public record Caller(Account account, PayloadForm form, String payload, Chain chain) {
    /**
     * The start of a chain of chunk signatures.
     *
     * @param prefix time and scope, as they stand in each string to sign
     */
    public record Chain(byte[] signingKey, String prefix, String signature) {
        @Override
        public String toString() {
            return "chain"; // never the key
        }
    }
}
