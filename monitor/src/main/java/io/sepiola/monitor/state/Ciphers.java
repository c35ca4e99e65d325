package io.sepiola.monitor.state;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.auth.KeyType;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which types of keys are used for what; Ceph keeps these in its monitor map, from 19.2.6 on.
 *
 * <p>Ciphers := allowed:list(u8) preferred:u8 service:u8.
 *
 * @param allowed who has a key of another type may not log in
 * @param preferred of new keys, where nobody says
 * @param service of new rotating secrets, under which tickets are sealed
 */
public record Ciphers(Set<KeyType> allowed, KeyType preferred, KeyType service) {
    /** Of clusters from before there was a choice: their daemons may know no other. */
    public static final Ciphers OLD =
            new Ciphers(EnumSet.of(KeyType.AES, KeyType.AES256K), KeyType.AES, KeyType.AES);

    /**
     * Of new clusters. Clients in use know {@code aes} alone; rotating secrets are seen by daemons
     * only.
     */
    public static final Ciphers NEW = new Ciphers(OLD.allowed, KeyType.AES, KeyType.AES256K);

    private static final Codec<KeyType> TYPE =
            Primitives.of((out, type) -> out.u8(type.code()), in -> KeyType.of(in.u8()));

    /** As in the class comment. */
    public static final Codec<Ciphers> CODEC =
            Primitives.of(
                    (out, ciphers) -> {
                        out.list(ciphers.allowed, TYPE);
                        TYPE.encode(ciphers.preferred, out);
                        TYPE.encode(ciphers.service, out);
                    },
                    in ->
                            new Ciphers(
                                    new TreeSet<>(in.list(TYPE)),
                                    TYPE.decode(in),
                                    TYPE.decode(in)));

    /** Copies the set. */
    public Ciphers {
        allowed = Collections.unmodifiableSet(new TreeSet<>(allowed)); // in the order of types
    }
}
