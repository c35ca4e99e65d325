package io.sepiola.cluster.deploy;

/**
 * How a command on a host ended.
 *
 * @param code its exit code
 * @param out what it printed
 * @param err what it complained
 */
record Answer(int code, String out, String err) {
    boolean ok() {
        return code == 0;
    }

    /** What it said about its failure, in one line. */
    String reason() {
        String said = err.isBlank() ? out : err;
        return said.isBlank()
                ? "exit code " + code
                : said.strip().lines().map(String::strip).reduce((a, b) -> a + "; " + b).get();
    }
}
