package io.sepiola.cluster.local;

import java.security.SecureRandom;
import java.util.Properties;

/** The keys of a local cluster's first S3 user, random for each cluster. */
record S3Credentials(String accessKey, String secretKey) {
    private static final String FILE = "s3.credentials";
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final String MIXED = UPPER + "abcdefghijklmnopqrstuvwxyz";

    static S3Credentials random() {
        SecureRandom random = new SecureRandom();
        return new S3Credentials(text(random, UPPER, 20), text(random, MIXED, 40));
    }

    private static String text(SecureRandom random, String alphabet, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    static S3Credentials read(ClusterDirectory directory) {
        Properties properties = directory.readProperties(FILE);
        return new S3Credentials(
                properties.getProperty("access_key", ""), properties.getProperty("secret_key", ""));
    }

    void write(ClusterDirectory directory) {
        Properties properties = new Properties();
        properties.setProperty("access_key", accessKey);
        properties.setProperty("secret_key", secretKey);
        directory.writeProperties(FILE, properties, "the first S3 user of this cluster");
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "S3Credentials[" + accessKey + "]";
    }
}
