package io.sepiola.monitor.health;

import io.sepiola.monitor.health.Health.Check;
import io.sepiola.monitor.health.Health.Severity;
import io.sepiola.monitor.state.AuthState;
import io.sepiola.monitor.state.Ciphers;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.ExpiringKey;
import io.sepiola.protocol.auth.KeyType;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Finds keys under which bits can be flipped unnoticed. Tickets for services are held against that
 * in every cluster, as it is ours to choose how they are sealed. Keys of clients and daemons are
 * told of only once {@code auth_preferred_cipher} says that new ones shall be better: before, who
 * uses Ceph 16 could do nothing about it.
 */
final class KeyRules {
    private KeyRules() {}

    static void check(SortedMap<String, Check> checks, AuthState auth) {
        Ciphers ciphers = auth.ciphers();
        if (!ciphers.service().isSecure()) {
            put(
                    checks,
                    "AUTH_INSECURE_SERVICE_TICKETS",
                    Severity.ERR,
                    "tickets for services are sealed under keys of type "
                            + ciphers.service().label()
                            + " (auth_service_cipher)",
                    1,
                    List.of());
        }
        rotating(checks, auth);
        if (ciphers.preferred().isSecure()) {
            entities(checks, auth, true);
            entities(checks, auth, false);
            allowed(checks, ciphers);
        }
    }

    /** They go by themselves, some hours after {@code auth_service_cipher} was changed. */
    private static void rotating(SortedMap<String, Check> checks, AuthState auth) {
        List<String> detail = new ArrayList<>();
        auth.services()
                .forEach((service, secrets) -> {
                    for (ExpiringKey secret : secrets.secrets().values()) {
                        KeyType type = secret.key().type();
                        if (service != EntityType.AUTH && !type.isSecure()) {
                            detail.add(
                                    "a rotating secret of "
                                            + service.label()
                                            + " is of type "
                                            + type.label());
                        }
                    }
                });
        if (!detail.isEmpty()) {
            put(
                    checks,
                    "AUTH_INSECURE_ROTATING_SERVICE_KEY_TYPE",
                    Severity.WARN,
                    detail.size() + " rotating secrets of services are of an old type",
                    detail.size(),
                    detail);
        }
    }

    private static void entities(SortedMap<String, Check> checks, AuthState auth, boolean clients) {
        List<String> detail = new ArrayList<>();
        auth.entities()
                .forEach((name, entity) -> {
                    if (clients == (name.type() == EntityType.CLIENT) && isOld(entity)) {
                        detail.add(
                                "the key of "
                                        + name
                                        + " is of type "
                                        + entity.key().type().label());
                    }
                });
        if (!detail.isEmpty()) {
            put(
                    checks,
                    "AUTH_INSECURE_" + (clients ? "CLIENT" : "SERVICE") + "_KEY_TYPE",
                    clients ? Severity.WARN : Severity.ERR,
                    detail.size()
                            + (clients ? " clients" : " daemons")
                            + " have keys of an old type",
                    detail.size(),
                    detail);
        }
    }

    private static boolean isOld(EntityAuth entity) {
        return !entity.key().type().isSecure();
    }

    private static void allowed(SortedMap<String, Check> checks, Ciphers ciphers) {
        if (ciphers.allowed().stream().allMatch(KeyType::isSecure)) {
            return;
        }
        put(
                checks,
                "AUTH_INSECURE_KEYS_ALLOWED",
                Severity.WARN,
                "keys of an old type are let in (auth_allowed_ciphers)",
                1,
                List.of());
        put(
                checks,
                "AUTH_INSECURE_KEYS_CREATABLE",
                Severity.WARN,
                "keys of an old type can be made (auth_allowed_ciphers)",
                1,
                List.of());
    }

    private static void put(
            SortedMap<String, Check> checks,
            String code,
            Severity severity,
            String summary,
            long count,
            List<String> detail) {
        checks.put(code, new Check(severity, summary, count, detail));
    }
}
