package io.sepiola.monitor.command;

import io.sepiola.monitor.text.PoolText;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PoolOption;

import java.util.List;

/** Sets one variable of a pool ({@code osd pool set}). */
final class PoolSetting {
    private static final List<String> MODES = List.of("none", "passive", "aggressive", "force");
    private static final List<String> ALGORITHMS = List.of("none", "snappy", "zlib", "zstd", "lz4");
    private static final List<String> CHECKSUMS =
            List.of("none", "crc32c", "crc32c_16", "crc32c_8", "xxhash32", "xxhash64");

    private final Call call;
    private final PoolChange change;
    private final OsdMap map;
    private final long id;
    private final PgPool pool;
    private final String variable;
    private final String value;

    PoolSetting(Call call, PoolChange change) {
        this.call = call;
        this.change = change;
        this.map = call.state().osdMaps().newest();
        this.id = PoolShowCommands.pool(map, call.arguments().text("pool"));
        this.pool = map.pool(id).orElseThrow();
        this.variable = call.arguments().text("var");
        this.value = call.arguments().text("val");
    }

    Reply set() {
        if (PoolVariables.TIER.contains(variable)) {
            throw new Refused(
                    Errno.EACCES,
                    "pool '"
                            + call.arguments().text("pool")
                            + "' is not a tier pool: variable not applicable");
        }
        switch (variable) {
            case "size" -> size();
            case "min_size" -> minSize();
            case "pg_num" -> count().pgNum();
            case "pgp_num" -> count().pgpNum();
            case "pg_num_actual" -> count().pgNumActual();
            case "pgp_num_actual" -> count().pgpNumActual();
            case "crush_rule" -> rule();
            case "hashpspool" -> hashPool();
            case "pg_autoscale_mode" -> {
                int mode = PoolChange.autoscaleMode(value);
                change.change(id, next -> next.autoscaleMode(mode));
            }
            case "fast_read" ->
                    throw Refused.invalid("fast read is not supported in replication pool");
            case "allow_ec_overwrites" ->
                    throw Refused.invalid(
                            "ec overwrites can only be enabled for an erasure coded pool");
            case "dedup_tier" -> {
                if (map.poolId(value).isEmpty()) {
                    throw Refused.invalid("expecting value 'pool name'");
                }
                throw new Refused(Errno.EOPNOTSUPP, "deduplication is not supported yet");
            }
            case "compression_mode" -> word(MODES, "compression mode");
            case "compression_algorithm" -> word(ALGORITHMS, variable);
            case "csum_type" -> word(CHECKSUMS, variable);
            case "fingerprint_algorithm", "dedup_chunk_algorithm" -> option(text());
            default -> other();
        }
        boolean isUnset = value.equals("unset") && PoolVariables.OPTIONS.contains(variable);
        return Reply.said(
                isUnset
                        ? "unset pool " + id + " " + variable
                        : "set pool " + id + " " + variable + " to " + value);
    }

    private long integer() {
        if (!value.matches("-?[0-9]{1,18}")) {
            throw Refused.invalid(
                    "error parsing integer value '"
                            + PoolShowCommands.shortened(value)
                            + "': Expected option value to be integer, got '"
                            + PoolShowCommands.shortened(value)
                            + "'");
        }
        return Long.parseLong(value);
    }

    private double real() {
        if (!value.matches("-?[0-9]{1,15}(\\.[0-9]{1,15})?")) {
            String kind = // Ceph has two places that look
                    variable.equals("compression_required_ratio") ? "float" : "floating point";
            throw Refused.invalid(
                    "error parsing "
                            + kind
                            + " value '"
                            + PoolShowCommands.shortened(value)
                            + "': strict_strtod: expected double, got: '"
                            + PoolShowCommands.shortened(value)
                            + "'");
        }
        return Double.parseDouble(value);
    }

    private void size() {
        long size = integer();
        if (pool.hasFlag(PgPool.FLAG_NOSIZECHANGE)) {
            throw new Refused(
                    Errno.EPERM,
                    "pool size change is disabled; you must unset nosizechange flag for the pool"
                            + " first");
        }
        if (size < 1 || size > PoolChange.SIZE_MAX) {
            throw Refused.invalid("pool size must be between 1 and " + PoolChange.SIZE_MAX);
        }
        if (size == 1) {
            refuseOneCopy();
        }
        change.checkCount(map, id, pool.pgNum(), size);
        change.change(id, next -> next.size((int) size).minSize(change.minSize((int) size)));
    }

    private void refuseOneCopy() {
        if (!call.facts().setting(call.state(), "mon_allow_pool_size_one").equals("true")) {
            throw new Refused(Errno.EPERM, "configuring pool size as 1 is disabled by default.");
        }
        if (!call.arguments().flag("yes_i_really_mean_it")) {
            throw new Refused(
                    Errno.EPERM,
                    "WARNING: setting pool size 1 could lead to data loss without recovery. If"
                            + " you are *ABSOLUTELY CERTAIN* that is what you want, pass the flag"
                            + " --yes-i-really-mean-it.");
        }
    }

    private void minSize() {
        long minSize = integer();
        if (minSize < 1 || minSize > pool.size()) {
            throw Refused.invalid(
                    "pool min_size must be between 1 and size, which is set to " + pool.size());
        }
        change.change(id, next -> next.minSize((int) minSize));
    }

    private PgNumSetting count() {
        return new PgNumSetting(change, map, id, integer());
    }

    private void rule() {
        int rule =
                map.crush()
                        .ruleId(value)
                        .orElseThrow(() ->
                                Refused.missing(
                                        "crush rule "
                                                + PoolShowCommands.shortened(value)
                                                + " does not exist"));
        int fitting = PoolChange.replicated(map, rule);
        change.change(id, next -> next.crushRule(fitting));
    }

    private void hashPool() {
        if (!call.arguments().flag("yes_i_really_mean_it")) {
            throw new Refused(
                    Errno.EPERM,
                    "are you SURE?  this will remap all placement groups in this pool, this"
                            + " triggers large data movement, pass --yes-i-really-mean-it if you"
                            + " really do.");
        }
        flag(PoolText.flag(variable));
    }

    private void flag(long flag) {
        boolean on = PoolVariables.truth(value);
        change.change(id, next -> (on ? next.setFlag(flag) : next.clearFlag(flag)).build());
    }

    private void word(List<String> known, String shown) {
        if (value.equals("unset")) {
            unset();
        } else if (known.contains(value)) {
            option(new PoolOption.Text(value));
        } else {
            throw Refused.invalid(
                    "unrecognized " + shown + " '" + PoolShowCommands.shortened(value) + "'");
        }
    }

    private PoolOption text() {
        if (!value.matches("[A-Za-z0-9_-]{1,32}")) {
            throw Refused.invalid(
                    "unrecognized "
                            + variable
                            + " '"
                            + PoolShowCommands.shortened(value)
                            + "': up to 32 letters and digits are expected");
        }
        return new PoolOption.Text(value);
    }

    private void unset() {
        int key = PoolText.optionKey(variable);
        change.change(id, next -> next.removeOption(key).build());
    }

    private void option(PoolOption option) {
        int key = PoolText.optionKey(variable);
        change.change(id, next -> next.option(key, option));
    }

    private void other() {
        long flag = PoolText.flag(variable);
        if (flag != 0) {
            flag(flag);
        } else if (value.equals("unset")) {
            unset();
        } else if (PoolVariables.REALS.contains(variable)) {
            real(real());
        } else {
            whole(
                    variable.equals("target_size_bytes")
                            ? PoolVariables.quantity(value, true)
                            : integer());
        }
    }

    private void real(double number) {
        switch (variable) {
            case "pg_autoscale_bias" -> {
                if (number < 0 || number > 1000) {
                    throw Refused.invalid("pg_autoscale_bias must be between 0 and 1000");
                }
            }
            case "compression_required_ratio" -> {
                if (number < 0 || number > 1) {
                    throw Refused.invalid(
                            "compression_required_ratio is out of range (0-1): '" + value + "'");
                }
            }
            case "target_size_ratio" -> {
                if (number < 0) {
                    throw Refused.invalid("target_size_ratio cannot be negative");
                }
            }
            default -> {
                // any number will do
            }
        }
        if (number == 0) {
            unset(); // nought stands for the default
        } else {
            option(new PoolOption.Real(number));
        }
    }

    private void whole(long number) {
        switch (variable) {
            case "recovery_priority" -> {
                if (Math.abs(number) > 10) {
                    throw Refused.invalid("pool recovery_priority must be between -10 and 10");
                }
            }
            case "pg_num_min" -> {
                if (number > pool.pgNum()) {
                    throw Refused.invalid(
                            "specified pg_num_min " + number + " > pg_num " + pool.pgNum());
                }
            }
            case "pg_num_max" -> {
                if (number > 0 && number < pool.pgNum()) {
                    throw Refused.invalid(
                            "specified pg_num_max " + number + " < pg_num " + pool.pgNum());
                }
            }
            default -> {
                // any number will do
            }
        }
        if (number == 0) {
            unset();
        } else {
            option(new PoolOption.Whole(number));
        }
    }
}
