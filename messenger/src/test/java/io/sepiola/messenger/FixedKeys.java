package io.sepiola.messenger;

import io.sepiola.base.Clock;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.KeyType;
import io.sepiola.protocol.auth.RotatingSecrets;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** The keys of a small cluster: everybody may do everything. */
final class FixedKeys implements KeyServer {
    private final Map<AuthName, EntityAuth> entities = new TreeMap<>();
    private final Map<EntityType, RotatingSecrets> rotating = new EnumMap<>(EntityType.class);
    private final Clock clock;
    private final RandomGenerator random;
    private long lastGlobalId = 4100;

    FixedKeys(Clock clock, RandomGenerator random, Duration validity) {
        this(clock, random, validity, KeyType.AES);
    }

    FixedKeys(Clock clock, RandomGenerator random, Duration validity, KeyType services) {
        this.clock = clock;
        this.random = random;
        for (EntityType service :
                new EntityType[] {
                    EntityType.AUTH, EntityType.MON, EntityType.MDS, EntityType.OSD, EntityType.MGR
                }) {
            rotating.put(
                    service,
                    RotatingSecrets.EMPTY.rotated(services, clock.now(), validity, random));
        }
    }

    CryptoKey add(String name) {
        return add(name, CryptoKey.generate(KeyType.AES, random, clock.now()));
    }

    CryptoKey add(String name, CryptoKey key) {
        TreeMap<String, String> caps = new TreeMap<>();
        for (String service : new String[] {"mds", "mgr", "mon", "osd"}) {
            caps.put(service, "allow *");
        }
        entities.put(AuthName.parse(name), new EntityAuth(key, caps));
        return key;
    }

    @Override
    public Optional<EntityAuth> entity(AuthName name) {
        return Optional.ofNullable(entities.get(name));
    }

    @Override
    public Optional<RotatingSecrets> rotating(EntityType service) {
        return Optional.ofNullable(rotating.get(service));
    }

    @Override
    public OptionalLong newGlobalId() {
        return OptionalLong.of(++lastGlobalId);
    }
}
