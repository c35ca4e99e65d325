package io.sepiola.lab.simulation;

import java.util.List;
import java.util.random.RandomGenerator;

/** What an administrator may do in passing, and how it is taken back. */
final class Administration {
    private static final String[] FLAGS = {
        "noout", "nodown", "noup", "noin", "norecover", "nobackfill", "norebalance", "pause"
    };

    private Administration() {}

    static Fault draw(RandomGenerator random, Setting setting) {
        int osd = random.nextInt(setting.osds());
        return switch (random.nextInt(11)) {
            case 0, 1, 2 ->
                    admin(
                            "{\"prefix\":\"osd out\",\"ids\":[\"" + osd + "\"]}",
                            "{\"prefix\":\"osd in\",\"ids\":[\"" + osd + "\"]}");
            case 3, 4 ->
                    admin(reweight(osd, random.nextBoolean() ? 0.25 : 0.6), reweight(osd, 1.0));
            case 5 -> flag(FLAGS[random.nextInt(FLAGS.length)]);
            case 6 -> {
                String pg = SimulatedCluster.POOL_ID + "." + random.nextInt(setting.groups());
                int other = (osd + 1 + random.nextInt(setting.osds() - 1)) % setting.osds();
                yield admin(
                        "{\"prefix\":\"osd pg-upmap-items\",\"pgid\":\""
                                + pg
                                + "\",\"id\":["
                                + osd
                                + ","
                                + other
                                + "]}",
                        "{\"prefix\":\"osd rm-pg-upmap-items\",\"pgid\":\"" + pg + "\"}");
            }
            case 7 ->
                    random.nextBoolean()
                            ? admin(variable("size", 2), variable("size", 3))
                            : admin(variable("min_size", 1), variable("min_size", 2));
            case 8, 9 -> split(setting.groups() + 1 + random.nextInt(6));
            default -> pool("spare" + random.nextInt(2));
        };
    }

    private static Fault flag(String flag) {
        return admin(
                "{\"prefix\":\"osd set\",\"key\":\"" + flag + "\"}",
                "{\"prefix\":\"osd unset\",\"key\":\"" + flag + "\"}");
    }

    private static Fault pool(String name) {
        return admin(
                "{\"prefix\":\"osd pool create\",\"pool\":\""
                        + name
                        + "\",\"pg_num\":4,\"pgp_num\":4,\"pool_type\":\"replicated\",\"size\":3}",
                "{\"prefix\":\"osd pool delete\",\"pool\":\""
                        + name
                        + "\",\"pool2\":\""
                        + name
                        + "\",\"yes_i_really_really_mean_it\":true}");
    }

    /** What a manager asks for: so many groups, and in the end the last one merged. */
    private static Fault split(int groups) {
        return new Fault.Admin(
                List.of(variable("pg_num_actual", groups), variable("pgp_num_actual", groups)),
                List.of(
                        variable("pgp_num_actual", groups - 1),
                        variable("pg_num_actual", groups - 1)));
    }

    /** What a person asks for: the manager brings the pool there, step by step. */
    static Fault wanted(RandomGenerator random, Setting setting) {
        int most = setting.groups() + 1 + random.nextInt(8);
        int least = 2 + random.nextInt(setting.groups());
        boolean up = random.nextBoolean();
        return new Fault.Admin(
                List.of(variable("pg_num", up ? most : least)),
                List.of(variable("pgp_num", least), variable("pg_num", up ? least : most)));
    }

    private static String variable(String name, int value) {
        return "{\"prefix\":\"osd pool set\",\"pool\":\""
                + SimulatedCluster.POOL
                + "\",\"var\":\""
                + name
                + "\",\"val\":\""
                + value
                + "\"}";
    }

    private static String reweight(int osd, double weight) {
        return "{\"prefix\":\"osd reweight\",\"id\":" + osd + ",\"weight\":" + weight + "}";
    }

    private static Fault admin(String command, String back) {
        return new Fault.Admin(List.of(command), List.of(back));
    }
}
