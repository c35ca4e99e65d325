package io.sepiola.lab.simulation;

import io.sepiola.lab.simulation.Shrinking.Failing;

/** One seed, told in plain types to who has loaded these classes a second time. */
final class Trial {
    private Trial() {}

    /** What is violated, the oracle first; empty when nothing is. */
    static String run(long seed, int requests) {
        Failing failing =
                Shrinking.failingOrNull(
                        seed, requests, FaultPlan.of(seed, Setting.of(seed, requests)).numbers());
        if (failing == null) {
            return "";
        }
        Violation violation = failing.violation();
        String text = String.valueOf(violation.getMessage()).lines().findFirst().orElse("");
        return violation.getCause() == null ? text : text + ": " + violation.getCause();
    }
}
